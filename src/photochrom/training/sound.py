"""Whether a recipe's values make sense together, before any work is done."""

from __future__ import annotations

from photochrom.errors import InputError
from photochrom.training.recipe import INPUTS, LAYOUTS, SIDES, Recipe

PRECISIONS = ("auto", "32-true", "bf16-mixed", "16-mixed")
LEAST_PX = 32
CHOICES = {
    "data.layout": LAYOUTS,
    "data.input": INPUTS,
    "data.given_side": SIDES,
    "generator.head": ("bins", "ab", "rgb"),
    "generator.inputs": (1, 3),
    "generator.init": ("default", "normal"),
    "discriminator.kind": ("bce", "least_squares", "hinge"),
    "discriminator.init": ("default", "normal"),
    "optimizer.name": ("adamw", "adam"),
    "optimizer.decay": ("cosine", "linear", "none"),
    "run.precision": PRECISIONS,
    "run.compile": ("off", "on", "auto"),
    "run.strategy": ("ddp", "fsdp"),
    "paints": ("ab", "rgb"),
}


def require_sound(recipe: Recipe) -> None:
    """Raise an `InputError` that names the first value out of its range."""
    for key, allowed in CHOICES.items():
        value: object = recipe
        for part in key.split("."):
            value = getattr(value, part)
        if value not in allowed:
            raise InputError(
                f"Recipe {recipe.name}: {key} must be one of "
                f"{', '.join(map(str, allowed))}, not {value!r}."
            )
    for is_sound, wanted in (*run_rules(recipe), *other_rules(recipe)):
        if not is_sound:
            raise InputError(f"Recipe {recipe.name}: {wanted}.")


def run_rules(recipe: Recipe) -> tuple[tuple[bool, str], ...]:
    """What must hold of the run's sizes and budget, each with the words for where it does not."""
    run = recipe.run
    untils = [stage.until for stage in run.stages]
    batches = [stage.batch or run.batch for stage in run.stages]
    has_budget = run.steps > 0 or run.epochs > 0 or run.minutes > 0
    return (
        (run.batch >= 1 and min(batches, default=1) >= 1, "batches must be 1 or more"),
        (
            run.accumulate >= 1 and all(batch % run.accumulate == 0 for batch in batches),
            "run.accumulate must be 1 or more and divide every batch",
        ),
        (has_budget, "run.minutes (or steps, or epochs) must be more than 0"),
        (bool(run.stages), "run.stages must not be empty"),
        (untils == sorted(untils) and untils[-1:] == [1.0], "run.stages must rise to until = 1.0"),
        (
            all(stage.px >= LEAST_PX and stage.px % 4 == 0 for stage in run.stages),
            f"px of run.stages must be a multiple of 4, {LEAST_PX} or more",
        ),
        (run.patience >= 0, "run.patience must be 0 or more"),
    )


def other_rules(recipe: Recipe) -> tuple[tuple[bool, str], ...]:
    """What must hold of the other sections."""
    data, crop, adversary = recipe.data, recipe.crop, recipe.discriminator
    return (
        (data.short_side_px >= LEAST_PX, f"data.short_side_px must be {LEAST_PX} or more"),
        (0 <= data.validation_share < 1, "data.validation_share must be 0 or more and below 1"),
        (data.limit >= 0, "data.limit must be 0 (all) or more"),
        (
            (data.layout == "parallel") == bool(data.input_paths),
            "data.input_paths belong to data.layout = 'parallel', and only there",
        ),
        (
            data.input != "given" or data.layout in ("pairs", "parallel"),
            "data.input = 'given' needs pairs: data.layout = 'pairs' or 'parallel'",
        ),
        (0 <= recipe.film.share <= 1, "film.share must lie between 0 and 1"),
        (
            0 < crop.least_area <= crop.most_area <= 1,
            "crop.least_area must be more than 0, most_area not less than it and 1 at most",
        ),
        (crop.aspect >= 1, "crop.aspect must be 1 or more"),
        (0 <= crop.jitter <= 1, "crop.jitter must lie between 0 and 1"),
        (0 <= recipe.outline.invert_share <= 1, "outline.invert_share must lie between 0 and 1"),
        (recipe.bins.rarity_limit > 0, "bins.rarity_limit must be more than 0"),
        (recipe.bins.sampled_photos >= 1, "bins.sampled_photos must be 1 or more"),
        (bool(recipe.loss), "[loss] must name at least one loss"),
        (
            recipe.paints == "ab" or recipe.generator.head == "rgb",
            "paints = 'rgb' needs generator.head = 'rgb'",
        ),
        (len(recipe.optimizer.betas) == 2, "optimizer.betas are two numbers"),
        (0 <= recipe.optimizer.ema_decay < 1, "optimizer.ema_decay must be 0 or more, below 1"),
        (adversary.r1_every >= 1, "discriminator.r1_every must be 1 or more"),
        (0 <= adversary.starts_at < 1, "discriminator.starts_at must be 0 or more, below 1"),
    )
