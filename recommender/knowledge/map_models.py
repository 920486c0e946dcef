"""The drawn map of the ferroptosis pathway: the part of the rule base that says what stands where."""

from typing import Annotated, Literal

from pydantic import Field

from .records import Record, Slug, Text

Length = Annotated[int, Field(ge=0, le=4000)]
Side = Annotated[int, Field(ge=40, le=4000)]
Point = tuple[Length, Length]
"""An x to the right and a y downwards, in pixels."""


class MapBox(Record):
    """A part of the ferroptosis pathway, drawn as a box."""

    id: Slug
    name: Text
    text: str = Field(default="", max_length=80, description="A line below the name, where no fact is shown.")
    fact: Slug | None = Field(default=None, description="The derived fact whose state colours the box.")
    at: Point = Field(description="Left and upper edge.")
    size: tuple[Side, Side] = Field(description="Width and height.")
    columns: int = Field(default=3, ge=1, le=8, description="Markers in a row.")
    markers: tuple[Text, ...] = Field(
        default=(), max_length=40, description="Markers whose findings are shown inside."
    )
    add_ons: tuple[Slug, ...] = Field(
        default=(), description="Add-ons that act here, besides those that act on its derived fact."
    )


class MapArrow(Record):
    """The effect of one box on another."""

    from_: Slug = Field(alias="from")
    to: Slug
    effect: Literal["raises", "lowers"]
    rule: Slug | None = Field(default=None, description="The mechanism rule that says so.")
    strong: tuple[Slug, ...] = Field(
        default=(), description="States of the first box's derived fact in which it is drawn strong."
    )
    via: tuple[Point, ...] = Field(default=(), max_length=12, description="Corners on its way.")


class MachineryMap(Record):
    """The whole drawing."""

    width: Length
    height: Length
    boxes: tuple[MapBox, ...] = Field(min_length=1, max_length=60)
    arrows: tuple[MapArrow, ...] = Field(default=(), max_length=200)
