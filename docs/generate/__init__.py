"""The pages of the documentation that are made from the rules, the checks, the schemas and the commands."""

from recommender import schemas
from recommender.curation.linting import CHECKS
from recommender.knowledge.base import KnowledgeBase
from recommender.views.plain import as_json

from .cautions import cautions_page
from .commands import command_page
from .fields import field_pages
from .rules import rule_pages


def made_pages(base: KnowledgeBase) -> dict[str, str]:
    """Return all of them: the name of a file below `docs` to its text."""
    made = {f"rules/{name}": text for name, text in rule_pages(base).items()}
    made["rules/cautions-by-add-on.md"] = cautions_page(base)
    made |= {f"lint/{check.code}.md": check.page for check in CHECKS}
    made |= {f"schemas/{schemas.file_name(one)}": as_json(schemas.schema(one)) for one in schemas.NAMES}
    return {**made, **field_pages(), "cli.md": command_page()}
