"""A recipe: the typed, frozen description of one training run, read from TOML.

name = "flagship"
[data]       what it learns from
[generator]  which network
[loss]       losses by name with their weights
[optimizer]  step sizes
[run]        sizes, batch, time budget, seed
"""

from __future__ import annotations

import dataclasses
import difflib
import tomllib
import typing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from photochrom.errors import InputError

SHIPPED = Path(__file__).resolve().parents[1] / "recipes"  # in an installed wheel
SOURCES = Path(__file__).resolve().parents[3] / "recipes"  # in a checkout


PRECISIONS = ("auto", "32-true", "bf16-mixed", "16-mixed")
LEAST_PX = 32


@dataclass(frozen=True)
class DataRecipe:
    """Photos to learn from: folders and zips, which of their files, how they are cached."""

    paths: tuple[str, ...] = ()
    include: tuple[str, ...] = ("*",)  # globs over the name inside the folder or zip
    exclude: tuple[str, ...] = ()
    limit: int = 0  # photos at most, 0 for all
    short_side_px: int = 160  # larger photos are cached at this size
    validation_share: float = 0.01


@dataclass(frozen=True)
class FilmRecipe:
    """How the grey input is made: which share of a batch sees as old film did, and how much."""

    share: float = 0.5  # of each batch; the rest is the photo's own L*
    spectral: float = 1.0  # 0 Rec. 709 luminance … 1 any mix of R, G, B
    gamma: float = 0.35  # largest |log₂ exponent|
    fade: float = 0.25  # largest share of the range lost to veil or to weak blacks
    grain: float = 0.06  # largest standard deviation, of the range 0…1
    blur_px: float = 1.2  # largest standard deviation


@dataclass(frozen=True)
class CropRecipe:
    """The random crop that both the grey input and the true colours are cut from."""

    least_area: float = 0.4  # of the photo
    aspect: float = 1.15  # largest stretch
    flip: bool = True


@dataclass(frozen=True)
class GeneratorRecipe:
    """The network, its options and where its encoder's pretrained weights lie."""

    name: str = "mobile_unet"
    encoder: str = "random"  # a file of ImageNet weights, or "random"
    options: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class BinsRecipe:
    """Colour as classes: the rebalancing of Zhang et al. 2016, section 2.2."""

    rarity_power: float = 0.4
    rarity_limit: float = 8.0
    sampled_photos: int = 4000  # from which the colours' shares are counted


@dataclass(frozen=True)
class OptimizerRecipe:
    """AdamW with warm-up and cosine (Loshchilov & Hutter 2019)."""

    decoder_rate: float = 1.2e-3
    encoder_rate: float = 2e-4
    weight_decay: float = 0.02
    warmup_steps: int = 400
    clip_norm: float = 1.0
    ema_decay: float = 0.999


@dataclass(frozen=True)
class Stage:
    """A stretch of the run: up to `until` (share of the budget) crops are `px` wide and high."""

    until: float
    px: int


@dataclass(frozen=True)
class RunRecipe:
    """Sizes, budget and rhythm. The budget is `steps`, else `epochs`, else `minutes`; 0 is none."""

    stages: tuple[Stage, ...] = (Stage(0.55, 96), Stage(1.0, 128))
    batch: int = 48
    minutes: float = 80.0
    steps: int = 0
    epochs: float = 0.0
    seed: int = 7
    precision: str = "auto"  # of `PRECISIONS`
    checkpoint_minutes: float = 3.0
    sample_minutes: float = 10.0


@dataclass(frozen=True)
class Recipe:
    """One training run, whole."""

    name: str
    description: str = ""
    data: DataRecipe = field(default_factory=DataRecipe)
    crop: CropRecipe = field(default_factory=CropRecipe)
    film: FilmRecipe = field(default_factory=FilmRecipe)
    generator: GeneratorRecipe = field(default_factory=GeneratorRecipe)
    bins: BinsRecipe = field(default_factory=BinsRecipe)
    loss: dict[str, float] = field(default_factory=lambda: {"quantized_cross_entropy": 1.0})
    optimizer: OptimizerRecipe = field(default_factory=OptimizerRecipe)
    run: RunRecipe = field(default_factory=RunRecipe)


def read_recipe(name_or_path: str, settings: tuple[str, ...] = ()) -> Recipe:
    """The recipe of that path or shipped name, with `key.subkey=value` settings applied.

    Raises `InputError` for a file that is absent or no TOML, an unknown key (with the near ones)
    or a value of the wrong type.
    """
    path = find_recipe(name_or_path)
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{path} is not valid TOML: {error}") from error
    for setting in settings:
        apply_setting(table, setting)
    recipe: Recipe = typed(Recipe, {"name": path.stem} | table, where="")
    require_sound(recipe)
    return recipe


def require_sound(recipe: Recipe) -> None:
    """Raise an `InputError` that names the first value out of its range."""
    run, data = recipe.run, recipe.data
    untils = [stage.until for stage in run.stages]
    has_budget = run.steps > 0 or run.epochs > 0 or run.minutes > 0
    for is_sound, wanted in (
        (run.batch >= 1, "run.batch must be 1 or more"),
        (has_budget, "run.minutes (or steps, or epochs) must be more than 0"),
        (bool(run.stages), "run.stages must not be empty"),
        (untils == sorted(untils) and untils[-1:] == [1.0], "run.stages must rise to until = 1.0"),
        (
            all(stage.px >= LEAST_PX and stage.px % 4 == 0 for stage in run.stages),
            f"px of run.stages must be a multiple of 4, {LEAST_PX} or more",
        ),
        (run.precision in PRECISIONS, f"run.precision must be one of {', '.join(PRECISIONS)}"),
        (data.short_side_px >= LEAST_PX, f"data.short_side_px must be {LEAST_PX} or more"),
        (0 <= data.validation_share < 1, "data.validation_share must be 0 or more and below 1"),
        (0 <= recipe.film.share <= 1, "film.share must lie between 0 and 1"),
        (0 < recipe.crop.least_area <= 1, "crop.least_area must be more than 0, 1 at most"),
        (recipe.bins.rarity_limit > 0, "bins.rarity_limit must be more than 0"),
        (recipe.bins.sampled_photos >= 1, "bins.sampled_photos must be 1 or more"),
        (0 <= recipe.optimizer.ema_decay < 1, "optimizer.ema_decay must be 0 or more, below 1"),
    ):
        if not is_sound:
            raise InputError(f"Recipe {recipe.name}: {wanted}.")


def find_recipe(name_or_path: str) -> Path:
    """The file of a recipe given by path or by shipped name."""
    path = Path(name_or_path)
    if path.suffix == ".toml":
        if path.is_file():
            return path
        raise InputError(f"There is no recipe file {path}.")
    shipped = {file.stem: file for root in (SHIPPED, SOURCES) for file in root.glob("*.toml")}
    if name_or_path in shipped:
        return shipped[name_or_path]
    near = difflib.get_close_matches(name_or_path, shipped) or sorted(shipped)
    raise InputError(
        f"There is no recipe {name_or_path!r}. Shipped ones: {', '.join(near)}; "
        "or give the path of a .toml file."
    )


def apply_setting(table: dict[str, Any], setting: str) -> None:
    """Put one `key.subkey=value` into the table; a value that is no TOML is taken as text."""
    dotted, equals, text = setting.partition("=")
    if not equals:
        raise InputError(f"--set wants key=value, not {setting!r}; for example run.batch=16")
    try:
        value = tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        value = text
    *parents, last = dotted.strip().split(".")
    for parent in parents:
        table = table.setdefault(parent, {})
        if not isinstance(table, dict):
            raise InputError(f"--set {setting}: {parent} is a value, not a section")
    table[last] = value


def typed(kind: Any, value: Any, *, where: str) -> Any:
    """`value`, from TOML, as the annotated type `kind`; else an `InputError` names the place."""
    if dataclasses.is_dataclass(kind) and isinstance(value, dict):
        return typed_table(kind, value, where=where)
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if origin is tuple and isinstance(value, list | tuple):
        return tuple(typed(inner[0], item, where=where) for item in value)
    if origin is dict and isinstance(value, dict):
        return {key: typed(inner[1], item, where=f"{where}.{key}") for key, item in value.items()}
    if kind is Any:
        return value
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    is_bool_for_number = isinstance(value, bool) and kind is not bool
    if origin is None and isinstance(value, kind) and not is_bool_for_number:
        return value
    expected = getattr(kind, "__name__", str(kind))
    raise InputError(f"Recipe key {where or 'recipe'}: {value!r} is not of type {expected}.")


def typed_table(kind: Any, table: dict[str, Any], *, where: str) -> Any:
    """A dataclass from a TOML table; unknown keys are an `InputError` that names the near ones."""
    hints = typing.get_type_hints(kind)
    for key in table:
        if key not in hints:
            near = difflib.get_close_matches(key, hints) or sorted(hints)
            raise InputError(
                f"Unknown recipe key {f'{where}.{key}'.lstrip('.')!r}. "
                f"Did you mean: {', '.join(near)}?"
            )
    values = {k: typed(hints[k], v, where=f"{where}.{k}".lstrip(".")) for k, v in table.items()}
    try:
        return kind(**values)
    except TypeError as error:
        raise InputError(f"Recipe section {where or 'recipe'} is incomplete: {error}") from error
