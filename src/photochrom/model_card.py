"""The model card of a trained model: what it is, what it learned from, how good it is, its limits.

The header is what model hubs read (Mitchell et al. 2019, "Model cards for model reporting").
"""

from __future__ import annotations

import re

from huggingface_hub import ModelCardData

from photochrom.export import Exported, Facts
from photochrom.generators.cost import multiply_adds, parameters
from photochrom.generators.painter import Painter

TAGS = ("colorization", "image-colorization", "black-and-white", "photochrom", "onnx")
TASK = "image-to-image"
# The names of licences that hubs know; https://huggingface.co/docs/hub/repositories-licenses
KNOWN_LICENCES = frozenset(
    {
        *("apache-2.0", "mit", "unlicense", "bsd-2-clause", "bsd-3-clause", "mpl-2.0", "openrail"),
        *("cc0-1.0", "cc-by-4.0", "cc-by-sa-4.0", "cc-by-nc-4.0", "cc-by-nc-sa-4.0"),
        *("gpl-3.0", "lgpl-3.0", "agpl-3.0", "unknown"),
    }
)
MEASURED_PX = 256

HINTS = "; optional `hints` (B, 3, H, W): a\\*, b\\*, and a mask that is 1 where they hold"
PAINTS = {
    "ab": "It paints colour only (CIELAB a\\*, b\\*); the photo's own lightness is never touched.",
    "rgb": "It paints lightness too: dark lines on white paper become a colour picture, into which "
    "the lines are laid back at full size.",
}
LIMITS = """## Limits

- Colours are plausible, not true. Never take them as evidence of what something looked like.
  Results say in their metadata that a machine coloured them.
- What the training pictures did not show, the model does not know: other times, places, faces,
  dyes. Look at results on pictures of your own kind before you rely on them.
- Not for forensics, medical images, identification of people, or presenting a result as an
  original colour photograph."""


def card_text(model: Exported) -> str:
    """The whole card, header first, as Markdown."""
    facts = model.facts
    paragraphs = [
        f"---\n{header(facts)}\n---",
        f"# {facts.name}",
        f"Gives black-and-white pictures believable colour. {PAINTS[model.painter.paints]}",
        table_of({"": ""} | _facts(model)),
        USE,
        f"## Training\n\n{table_of({'': ''} | _training(model))}",
        f"## Scores\n\n{scores_text(facts)}",
        LIMITS,
    ]
    return "\n\n".join(paragraphs) + "\n"


def header(facts: Facts) -> str:
    """The lines between the card's first two rules, YAML."""
    licence, own_name = licence_of(facts.licence)
    card = ModelCardData(
        license=licence,
        license_name=own_name,
        library_name="photochrom",
        pipeline_tag=TASK,
        tags=list(TAGS),
    )
    return str(card.to_yaml()).strip()


def licence_of(licence: str) -> tuple[str, str | None]:
    """A licence as hubs want it: one of their names, or "other" with a name of its own.

    >>> licence_of("Apache-2.0"), licence_of("For research only")
    (('apache-2.0', None), ('other', 'for-research-only'))
    """
    known = licence.strip().lower()
    if known in KNOWN_LICENCES:
        return known, None
    return "other", re.sub(r"[^a-z0-9.]+", "-", known).strip("-") or "unnamed"


def table_of(rows: dict[str, str]) -> str:
    """A Markdown table of two columns, its first row the head."""
    (left, right), *more = rows.items()
    lines = [f"| {left} | {right} |", "|---|---|"]
    return "\n".join([*lines, *(f"| {name} | {value} |" for name, value in more)])


def scores_text(facts: Facts) -> str:
    """What was measured, or that nothing was."""
    if not facts.scores:
        return "Nothing has been measured yet: `photochrom evaluate` does it."
    return table_of({"measure": "score"} | dict(facts.scores))


def _facts(model: Exported) -> dict[str, str]:
    painter, facts, look = model.painter, model.facts, model.look
    wanted = model.origin.checkpoint.recipe.generator
    giga = multiply_adds(painter, MEASURED_PX, MEASURED_PX) / 1e9
    rows = {
        "Version": facts.version,
        "Licence of the weights": facts.licence,
        "Network": f"`{wanted.name}`, {parameters(painter) / 1e6:.1f} million parameters, "
        f"{giga:.2f} GMAC at {MEASURED_PX} px",
        "Input": "lightness L\\* 0…100, (B, 1, H, W), of any size" + HINTS * painter.takes_hints,
        "Output": _output(painter),
        "Painted at": f"{look.short_side_px} px on the short side, then enlarged along edges",
    }
    if wanted.head == "bins":
        rows["Defaults"] = f"alpha {look.alpha:g}, temperature {look.temperature:g}"
    return rows


def _output(painter: Painter) -> str:
    if painter.paints == "rgb":
        return "`rgb` 0…1, sRGB, (B, 3, H, W)"
    if painter.head.name == "bins":
        return f"`ab` (B, 2, h, w), and `logits` over {painter.head.outputs} ab bins"
    return "`ab` (B, 2, h, w)"


def _training(model: Exported) -> dict[str, str]:
    checkpoint = model.origin.checkpoint
    recipe = checkpoint.recipe
    losses = ", ".join(f"{name} × {weight:g}" for name, weight in recipe.loss.items())
    sizes = ", ".join(str(stage.px) for stage in recipe.run.stages)
    facts = checkpoint.facts
    return {
        "Learned from": model.facts.trained_on,
        "Recipe": f"`{recipe.name}`: {recipe.description or 'no description'}",
        "Losses": losses,
        "Sizes [px]": sizes,
        "Steps, samples": f"{checkpoint.step:,}, {checkpoint.samples:,}",
        "Time": f"{checkpoint.seconds / 60:.0f} minutes",
        "Seed": str(recipe.run.seed),
        "Made with": f"Photochrom {facts.get('photochrom', '?')}, torch {facts.get('torch', '?')}, "
        f"commit `{facts.get('commit', 'unknown')}`",
        "Checkpoint's SHA-256": f"`{model.origin.sha256}`",
    }


USE = """## Use

```python
from photochrom import Colorizer

colorizer = Colorizer("model.onnx")  # of this folder
colorizer.colorize("photo.jpg").save("photo.color.jpg")
```

Or on the command line: `photochrom colorize photo.jpg --model model.onnx`. In PyTorch:

```python
from photochrom.hub import PretrainedPainter

painter = PretrainedPainter.from_pretrained(".")  # or the name of this repository on the hub
```"""
