"""The pages of the documentation that are made from the rules, the checks, the schemas and the commands."""

from recommender import schemas
from recommender._data import shipped
from recommender.curation.linting import CHECKS
from recommender.knowledge.base import KnowledgeBase
from recommender.knowledge.loading import load
from recommender.knowledge.packs import OTHER_EVIDENCE, pack_to_add
from recommender.views.plain import as_json

from .cautions import cautions_page
from .commands import command_page
from .fields import field_pages
from .papers import papers_page
from .readings import reading_page
from .rules import rule_pages


def made_pages(base: KnowledgeBase) -> dict[str, str]:
    """Return all of them: the name of a file below `docs` to its text."""
    made = {f"rules/{name}": text for name, text in rule_pages(base).items()}
    made["rules/cautions-by-add-on.md"] = cautions_page(base)
    with_papers = load([shipped("rules"), pack_to_add(OTHER_EVIDENCE)])
    made["rules/beyond-the-review.md"] = papers_page(with_papers)
    made["review-as-printed.md"] = reading_page()
    made |= {f"lint/{check.code}.md": check.page for check in CHECKS}
    made |= {f"schemas/{schemas.file_name(one)}": as_json(schemas.schema(one)) for one in schemas.NAMES}
    return {**made, **field_pages(), "cli.md": command_page()}
