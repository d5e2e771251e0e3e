"""`photochrom export`: a training run's checkpoint as one ONNX file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from photochrom.errors import InputError, missing_extra
from photochrom.models.look import Look


def export(
    checkpoint: Annotated[Path, typer.Argument(help="A run's checkpoint.pt.")],
    *,
    out: Annotated[Path, typer.Option("-o", "--out", metavar="OUT", help="The .onnx to write.")],
    name: Annotated[str | None, typer.Option(help="The model's name. [OUT's stem]")] = None,
    version: Annotated[str, typer.Option(help="The model's version.")] = "1",
    licence: Annotated[str, typer.Option(help="The licence of the weights.")] = "unknown",
    trained_on: Annotated[str, typer.Option(help="The photos it learned from.")] = "unknown",
    scores: Annotated[
        list[str] | None, typer.Option("--score", help="A measured NAME=VALUE; may be repeated.")
    ] = None,
    alpha: Annotated[
        float, typer.Option(min=0, max=1, help="Share of the class weights that is taken back.")
    ] = Look.alpha,
    temperature: Annotated[
        float, typer.Option(min=0.01, help="Of the annealed mean: low is decided, 1 is cautious.")
    ] = Look.temperature,
    short_side_px: Annotated[
        int, typer.Option(min=32, help="Size at which photos are painted, short side.")
    ] = Look.short_side_px,
    float32: Annotated[
        bool, typer.Option("--float32", help="Keep weights at 32 bits, for a file twice as large.")
    ] = False,
) -> None:
    """Write a model file that `colorize --model` takes, checked against the checkpoint."""
    if out.suffix.lower() != ".onnx":
        raise InputError(f"-o {out} must end in .onnx.")
    try:
        from photochrom import export as exporting
    except ModuleNotFoundError as error:
        raise missing_extra("Exporting", str(error.name), "train") from error
    facts = exporting.Facts(
        name=name or out.stem,
        version=version,
        licence=licence,
        trained_on=trained_on,
        scores=dict(score_of(text) for text in scores or []),
    )
    look = Look(temperature=temperature, alpha=alpha, short_side_px=short_side_px)
    exporting.export(checkpoint, out, facts=facts, look=look, float16=not float32)
    typer.echo(out)


def score_of(text: str) -> tuple[str, str]:
    """NAME=VALUE in its two parts."""
    name, equals, value = text.partition("=")
    if not equals:
        raise InputError(f"--score wants NAME=VALUE, not {text!r}.")
    return name, value
