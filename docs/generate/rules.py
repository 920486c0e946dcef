"""The shipped rules as pages of Markdown, a page for each rule file, and an index."""

from recommender.knowledge.base import KnowledgeBase
from recommender.knowledge.rule_models import Rule
from recommender.views.rule_pages import WARNING, rule_page

CAUTIONS = "The cautions of each add-on: [cautions by add-on](cautions-by-add-on.md)."


def rule_pages(base: KnowledgeBase) -> dict[str, str]:
    """Return the generated documentation of all shipped rules: file name to Markdown.

    One file for each rule file, and an index.
    """
    files: dict[str, list[Rule]] = {}
    for rule in base.content.rules:
        files.setdefault(base.origins[rule.id].rpartition(":")[0], []).append(rule)
    made = {}
    index = ["# Rules", "", WARNING, "", "Made from `rules/` by `make docs`. Do not edit.", "", CAUTIONS, ""]
    for file, rules in sorted(files.items()):
        name = file.rpartition(".")[0].replace("/", "-") + ".md"
        body = "\n".join(rule_page(rule, base, heading="##") for rule in rules)
        made[name] = f"# {name.removesuffix('.md')}\n\nMade from `rules/{file}`. Do not edit.\n\n{body}"
        index += [f"## [{name.removesuffix('.md')}]({name})", ""]
        index += [f"- `{rule.id}` {rule.title}" for rule in rules]
        index += [""]
    made["README.md"] = "\n".join(index)
    return made
