"""Filters → the condition of a query over the articles."""

import os

from index.records import Filters


def condition(filters: Filters) -> tuple[str, list[str]]:
    """An SQL condition on a row of `articles` and its values; always true for no filters."""
    parts: list[str] = ["1"]
    values: list[str] = []
    held = "EXISTS (SELECT 1 FROM sources WHERE article_id = articles.id AND {})"
    if filters.source:
        parts.append(f"({held.format('instr(folded(source), ?)')} OR instr(folded(coalesce(url, '')), ?))")
        values += [filters.source.casefold()] * 2
    if filters.author:
        parts.append("instr(folded(coalesce(author, '')), ?)")
        values.append(filters.author.casefold())
    if filters.path:
        path = os.path.realpath(os.path.expanduser(filters.path))
        if "*" in path:
            parts.append(held.format("source GLOB ?"))
            values.append(path.replace("[", "[[]"))
        else:
            parts.append(held.format("(source = ? OR substr(source, 1, length(?)) = ?)"))
            values += [path, *[path.rstrip("/") + "/"] * 2]
    for sign, day in ((">=", filters.after), ("<=", filters.before)):
        if day:
            parts.append(f"date {sign} ?")
            values.append(day)
    return " AND ".join(parts), values
