"""`photochrom export`: a training run's checkpoint as one ONNX file, or ready for a model hub."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from photochrom.cli import options
from photochrom.errors import InputError, WeightsError, missing_extra
from photochrom.models.look import DEFAULT_KEY, KNOTS_KEY, Look, read_curve

if TYPE_CHECKING:
    from photochrom.export import Origin


Out = Annotated[Path | None, typer.Option("-o", "--out", metavar="OUT", help="The .onnx to write.")]
Hub = Annotated[
    Path | None,
    typer.Option(
        "--hub",
        metavar="DIR",
        help="Also, or only, a folder for a model hub: weights as safetensors, ONNX, "
        "configuration, model card.",
    ),
]
Scores = Annotated[
    list[str] | None, typer.Option("--score", help="A measured NAME=VALUE; may be repeated.")
]
Alpha = Annotated[
    float | None,
    typer.Option(
        min=-1,
        max=1,
        help=f"Share of the class weights that is taken back, for a head over bins. [{Look.alpha}]",
    ),
]
Temperature = Annotated[
    float | None,
    typer.Option(
        min=0.01,
        help="Of the annealed mean, for a head over bins: low is decided, 1 is cautious. "
        f"[{Look.temperature}]",
    ),
]
Curve = Annotated[
    Path | None,
    typer.Option(
        exists=True,
        dir_okay=False,
        help="From cautious to vivid, for a head over bins: the JSON file that "
        "benchmarks/calibrate.py writes. Its default stands for --alpha and --temperature.",
    ),
]
ShortSide = Annotated[
    int | None,
    typer.Option(
        min=32, help="Size at which photos are painted, short side; without it as in training."
    ),
]

Agreement = Annotated[
    float | None,
    typer.Option(
        min=0,
        help="L* within which near places count as one surface and agree on a colour; 0: each for "
        "itself. Without it as in training.",
    ),
]

Saturation = Annotated[
    float | None,
    typer.Option(
        min=0.1,
        max=3,
        help="Times the chroma of every colour, for a head over bins; what "
        "benchmarks/calibrate.py was given. [1]",
    ),
]


def export(
    checkpoint: Annotated[
        Path,
        typer.Argument(help="A run's folder, of which the best checkpoint counts, or one of them."),
    ],
    *,
    out: Out = None,
    hub: Hub = None,
    name: Annotated[
        str | None, typer.Option(help="The model's name. [OUT's stem, or DIR's name]")
    ] = None,
    version: Annotated[str, typer.Option(help="The model's version.")] = "1",
    licence: Annotated[str, typer.Option(help="The licence of the weights.")] = "unknown",
    trained_on: Annotated[str, typer.Option(help="The photos it learned from.")] = "unknown",
    scores: Scores = None,
    alpha: Alpha = None,
    temperature: Temperature = None,
    curve: Curve = None,
    short_side_px: ShortSide = None,
    agreement: Agreement = None,
    saturation: Saturation = None,
    float32: Annotated[
        bool, typer.Option("--float32", help="Keep weights at 32 bits, for a file twice as large.")
    ] = False,
    overwrite: options.Overwrite = False,
) -> None:
    """Write a model file that `colorize --model` takes, checked against the checkpoint.

    Beside OUT comes its entry for a list of models, the same name with .json. Both are replaced
    where they exist; files in DIR only with --overwrite.
    """
    if out is None and hub is None:
        raise InputError("Say where to: -o OUT.onnx, or --hub DIR, or both.")
    if out is not None and out.suffix.lower() != ".onnx":
        raise InputError(f"-o {out} must end in .onnx.")
    if out is not None and not out.parent.is_dir():
        raise InputError(f"-o {out}: there is no folder {out.parent}. Make it, or choose another.")
    try:
        from photochrom import export as exporting
        from photochrom.hub import refuse_to_replace, write_hub_folder
    except ModuleNotFoundError as error:
        raise missing_extra("Exporting", str(error.name), "train") from error
    if hub is not None:
        refuse_to_replace(hub, overwrite=overwrite)
    facts = exporting.Facts(
        name=name or (out.stem if out is not None else Path(hub or "").resolve().name),
        version=version,
        licence=licence,
        trained_on=trained_on,
        scores=dict(score_of(text) for text in scores or []),
    )
    origin = origin_of(checkpoint, agreement, saturation)
    typer.echo(f"from {origin.path}, step {origin.checkpoint.step}", err=True)
    wishes = {
        "alpha": alpha, "temperature": temperature, "curve": curve, "short_side_px": short_side_px
    }  # fmt: skip
    model = exporting.export_model(origin, facts, look_of(origin, wishes), float16=not float32)
    if out is not None:
        exporting.write_model(out, model)
        typer.echo(out)
    if hub is not None:
        write_hub_folder(hub, model, overwrite=overwrite)
        typer.echo(hub)


def origin_of(checkpoint: Path, agreement: float | None, saturation: float | None) -> Origin:
    """The checkpoint, with what can be given to it afterwards where that is asked for."""
    from photochrom import export as exporting

    origin = exporting.open_origin(checkpoint)
    if agreement is not None:
        origin = exporting.with_agreement(origin, agreement)
    if saturation is not None:
        origin = exporting.with_saturation(origin, saturation)
    return origin


def look_of(origin: Origin, wishes: Mapping[str, Any]) -> Look:
    """The model's usual look but for what is wished.

    Raises `InputError` where a wish means nothing to the model's head.
    """
    from photochrom.export import usual_look

    given = {key: value for key, value in wishes.items() if value is not None}
    head = origin.checkpoint.recipe.generator.head
    for_bins = ("alpha", "temperature", "curve")
    meaningless = [f"--{key}" for key in for_bins if key in given]
    if meaningless and head != "bins":
        raise InputError(
            f"{' and '.join(meaningless)} count for a head over bins, and this model has the head "
            f"{head!r}: leave them out."
        )
    if "curve" in given:
        given = curve_wishes(given.pop("curve")) | given
    return replace(usual_look(origin.checkpoint), **given)


def curve_wishes(path: Path) -> dict[str, Any]:
    """The curve in a JSON file, and the alpha and temperature of its default.

    Raises `InputError` where it is none.
    """
    try:
        stored = json.loads(path.read_text())
        curve = read_curve({KNOTS_KEY: json.dumps(stored["knots"]), DEFAULT_KEY: stored["default"]})
    except (OSError, ValueError, KeyError, TypeError, WeightsError) as error:
        raise InputError(f"--curve {path} is no curve of vividness: {error}") from error
    alpha, temperature = curve.at(curve.default)
    return {"curve": curve, "alpha": alpha, "temperature": temperature}


def score_of(text: str) -> tuple[str, str]:
    """NAME=VALUE in its two parts."""
    name, equals, value = text.partition("=")
    if not equals:
        raise InputError(f"--score wants NAME=VALUE, not {text!r}.")
    return name, value
