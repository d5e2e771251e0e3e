"""Whether a recipe's values make sense together, before any work is done."""

from __future__ import annotations

import math

from photochrom.errors import InputError
from photochrom.training.recipe import INPUTS, LAYOUTS, SIDES, Recipe

PRECISIONS = ("auto", "32-true", "bf16-mixed", "16-mixed")
LEAST_PX = 32
CHOICES = {
    "data.layout": LAYOUTS,
    "data.input": INPUTS,
    "data.given_side": SIDES,
    "data.resident": ("auto", "on", "off"),
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

LEAST = {  # the least that each number may be
    "data.limit": 0,
    "data.short_side_px": LEAST_PX,
    "film.gamma": 0,
    "film.grain": 0,
    "film.blur_px": 0,
    "crop.aspect": 1,
    "hints.most": 1,
    "generator.frozen_steps": 0,
    "bins.sampled_photos": 1,
    "discriminator.r1": 0,
    "discriminator.r1_every": 1,
    "discriminator.rate": 0,
    "optimizer.decoder_rate": 0,
    "optimizer.encoder_rate": 0,
    "optimizer.weight_decay": 0,
    "optimizer.warmup_steps": 0,
    "optimizer.clip_norm": 0,
    "run.minutes": 0,
    "run.steps": 0,
    "run.epochs": 0,
    "run.seed": 0,
    "run.checkpoint_minutes": 0,
    "run.checkpoint_steps": 0,
    "run.log_steps": 1,
    "run.sample_minutes": 0,
    "run.sample_steps": 0,
    "run.patience": 0,
    "health.grace_steps": 0,
    "health.patience_steps": 0,
}
SHARES = (  # numbers from 0 to 1
    "film.share",
    "film.spectral",
    "film.fade",
    "film.uneven",
    "film.dust",
    "outline.invert_share",
    "crop.jitter",
    "hints.share",
    "hints.strokes",
)


def require_sound(recipe: Recipe) -> None:
    """Raise an `InputError` that names the first value out of its range."""
    for key, allowed in CHOICES.items():
        if value_of(recipe, key) not in allowed:
            raise InputError(
                f"Recipe {recipe.name}: {key} must be one of "
                f"{', '.join(map(str, allowed))}, not {value_of(recipe, key)!r}."
            )
    for is_sound, wanted in (*number_rules(recipe), *run_rules(recipe), *other_rules(recipe)):
        if not is_sound:
            raise InputError(f"Recipe {recipe.name}: {wanted}.")


def value_of(recipe: Recipe, key: str) -> object:
    """What the recipe says under section.key."""
    value: object = recipe
    for part in key.split("."):
        value = getattr(value, part)
    return value


def number_rules(recipe: Recipe) -> tuple[tuple[bool, str], ...]:
    """What must hold of single numbers; neither infinity nor what is no number is one."""

    def number(key: str) -> float:
        return float(str(value_of(recipe, key)))

    return (
        *(
            (least <= number(key) < math.inf, f"{key} must be {least} or more")
            for key, least in LEAST.items()
        ),
        *((0 <= number(key) <= 1, f"{key} must lie between 0 and 1") for key in SHARES),
    )


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
        (
            run.strategy == "ddp" or run.compile == "off",
            "run.compile does not go with run.strategy = 'fsdp'; leave it off",
        ),
        (
            run.strategy == "ddp" or not recipe.discriminator.r1,
            "discriminator.r1 differentiates twice, which run.strategy = 'fsdp' cannot; set it to "
            "0, or run.strategy to 'ddp'",
        ),
    )


def other_rules(recipe: Recipe) -> tuple[tuple[bool, str], ...]:
    """What must hold of the other sections."""
    data, crop, outline, adversary = (
        recipe.data,
        recipe.crop,
        recipe.outline,
        recipe.discriminator,
    )
    return (
        (0 <= data.validation_share < 1, "data.validation_share must be 0 or more and below 1"),
        (
            (data.layout == "parallel") == bool(data.input_paths),
            "data.input_paths belong to data.layout = 'parallel', and only there",
        ),
        (
            data.input != "given" or data.layout in ("pairs", "parallel"),
            "data.input = 'given' needs pairs: data.layout = 'pairs' or 'parallel'",
        ),
        (
            0 < crop.least_area <= crop.most_area <= 1,
            "crop.least_area must be more than 0, most_area not less than it and 1 at most",
        ),
        (
            0 < outline.least_sigma_px <= outline.most_sigma_px,
            "outline.least_sigma_px must be more than 0, most_sigma_px not less than it",
        ),
        (
            not recipe.hints.share or bool(recipe.generator.options.get("hints")),
            "hints.share needs a generator that takes hints: generator.options.hints = true",
        ),
        (recipe.bins.rarity_limit > 0, "bins.rarity_limit must be more than 0"),
        (
            recipe.paints == "ab" or recipe.generator.head == "rgb",
            "paints = 'rgb' needs generator.head = 'rgb'",
        ),
        (
            len(recipe.optimizer.betas) == 2 and all(0 <= b < 1 for b in recipe.optimizer.betas),
            "optimizer.betas are two numbers, 0 or more and below 1",
        ),
        (0 <= recipe.optimizer.ema_decay < 1, "optimizer.ema_decay must be 0 or more, below 1"),
        (adversary.loss_weight > 0, "discriminator.loss_weight must be more than 0"),
        (0 <= adversary.starts_at < 1, "discriminator.starts_at must be 0 or more, below 1"),
        *loss_rules(recipe),
    )


def loss_rules(recipe: Recipe) -> tuple[tuple[bool, str], ...]:
    """What must hold of the losses: at every step there is one, and every branch has its own."""
    weighed = {name for name, weight in recipe.loss.items() if weight}
    return (
        (bool(weighed), "[loss] must name at least one loss with a weight above 0"),
        (
            weighed != {"adversarial"} or not recipe.discriminator.starts_at,
            "discriminator.starts_at lets the generator learn alone first, for which [loss] needs "
            "another loss than adversarial",
        ),
        (
            not recipe.generator.options.get("classification_guided") or "has_colour" in weighed,
            "classification_guided needs the loss has_colour, without which its branch learns "
            "nothing and makes pictures grey by chance",
        ),
    )
