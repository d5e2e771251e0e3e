"""What `photochrom train --list` prints: all that a recipe can be made of."""

from __future__ import annotations

from collections.abc import Sequence


def parts_list() -> str:
    """Recipes, then generators with their sizes, discriminators and losses."""
    from photochrom.generators.heads import HEADS
    from photochrom.training.discriminators import DISCRIMINATORS
    from photochrom.training.losses.table import ADVERSARIAL, LOSSES

    return "\n".join(
        [
            titled("Recipes", columns(recipe_rows())),
            titled("Generators (parameters and GMAC of a 256 px picture)", columns(network_rows())),
            titled("Heads", "  ".join(HEADS)),
            titled("Discriminators", "  ".join(sorted(DISCRIMINATORS))),
            titled("Losses", "  ".join(sorted([*LOSSES, ADVERSARIAL]))),
        ]
    )


def recipe_rows() -> list[tuple[str, ...]]:
    """Name and description of every shipped recipe."""
    from photochrom.training.recipe_file import SHIPPED, SOURCES, read_recipe

    names = {file.stem for root in (SHIPPED, SOURCES) for file in root.glob("*.toml")}
    return [(name, read_recipe(name).description) for name in sorted(names)]


def network_rows() -> list[tuple[str, ...]]:
    """Of every generator: name, parameters, GMAC, share of the size that it paints at, paper."""
    from photochrom.generators.registry import GENERATORS, generator_table

    return [
        (
            row.name,
            f"{row.parameters / 1e6:6.2f} M",
            f"{row.multiply_adds / 1e9:7.2f} GMAC",
            f"paints 1/{GENERATORS[row.name].output_stride}",
            row.paper,
        )
        for row in generator_table()
    ]


def columns(rows: Sequence[Sequence[str]]) -> str:
    """Rows of text, aligned.

    >>> print(columns([("a", "bc"), ("def", "g")]))
    a    bc
    def  g
    """
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    padded = ([f"{cell:{width}}" for cell, width in zip(row, widths, strict=True)] for row in rows)
    return "\n".join("  ".join(row).rstrip() for row in padded)


def titled(title: str, text: str) -> str:
    """A title, and the text under it indented."""
    return f"{title}\n" + "".join(f"  {line}\n" for line in text.splitlines())
