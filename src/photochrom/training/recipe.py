"""A recipe: the typed, frozen description of one training run. Its file is TOML.

[data]            which photos, and how their input is made      [crop] [film] [outline] [hints]
[generator]       which network, with which head                 [bins]
[loss]            losses by name with their weights              [loss_options]
[discriminator]   the adversary, for GAN training
[optimizer]       step sizes
[run]             sizes, batch, budget, seed, precision          [health]
[variants.NAME]   other values for any of these, taken with --variant NAME
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

LAYOUTS = ("photos", "pairs", "parallel", "shards")
INPUTS = ("grey", "given", "outline")
SIDES = ("auto", "left", "right")


@dataclass(frozen=True)
class DataRecipe:
    """Pictures to learn from, how they lie on disk and what the network is given of them."""

    paths: tuple[str, ...] = ()  # folders, zips, tars; or shards; globs too
    validation_paths: tuple[str, ...] = ()  # held out; else `validation_share` of `paths`
    layout: str = "photos"  # of `LAYOUTS`: photos, side-by-side pairs, parallel folders, shards
    input_paths: tuple[str, ...] = ()  # of parallel folders: the inputs; `paths` are the targets
    input: str = "grey"  # of `INPUTS`: made grey, as given in the pair, or a drawn outline
    given_side: str = "auto"  # of a side-by-side pair: where the input lies; auto: the greyer one
    include: tuple[str, ...] = ("*",)  # globs over the name inside the folder or archive
    exclude: tuple[str, ...] = ()
    limit: int = 0  # pictures at most, 0 for all
    short_side_px: int = 160  # larger pictures are cached at this size
    validation_share: float = 0.01
    resident: str = (
        "auto"  # photographs on the device, augmented there: on a GPU with room; on; off
    )


@dataclass(frozen=True)
class FilmRecipe:
    """How the grey input is made: which share of it sees as old film did, and how much."""

    share: float = 0.5  # of the pictures; the rest is the photo's own L*
    spectral: float = 1.0  # 0 Rec. 709 luminance … 1 any mix of R, G, B
    gamma: float = 0.35  # largest |log₂ exponent|
    fade: float = 0.25  # largest share of the range lost to veil or to weak blacks
    grain: float = 0.06  # largest standard deviation, of the range 0…1
    blur_px: float = 1.2  # largest standard deviation
    uneven: float = 0.1  # largest change of brightness across the picture: stains, vignette
    dust: float = 0.3  # share of the pictures with specks and scratches


@dataclass(frozen=True)
class HintRecipe:
    """Colours told to a generator that takes hints, drawn from the truth (Zhang et al. 2017)."""

    share: float = 0.0  # of the pictures that have any
    most: int = 60  # in a picture; few are as likely as many (log-uniform)
    strokes: float = 0.25  # share of the hints that are strokes, not points


@dataclass(frozen=True)
class OutlineRecipe:
    """How outlines are drawn from colour pictures: XDoG (Winnemöller et al. 2012)."""

    least_sigma_px: float = 0.4  # at 256 px; the line's width is drawn between these
    most_sigma_px: float = 0.9
    invert_share: float = 0.0  # of the pictures: white lines on black


@dataclass(frozen=True)
class CropRecipe:
    """The random crop that both the input and the true colours are cut from, and what befalls it.

    pix2pix's "resize to 286, crop 256" is `least_area` = (256/286)², `aspect` = 1.
    """

    least_area: float = 0.4  # of the largest square in the photo
    most_area: float = 1.0
    aspect: float = 1.15  # largest stretch
    flip: bool = True
    vertical_flip: bool = False
    jitter: float = 0.0  # of brightness, contrast, saturation and hue, before grey is made


@dataclass(frozen=True)
class GeneratorRecipe:
    """The network, its options and where its encoder's pretrained weights lie."""

    name: str = "mobile_unet"
    head: str = "bins"  # of `generators.heads.HEADS`
    inputs: int = 1  # planes of scaled lightness that it is given: 1, or 3 as pix2pix's RGB grey
    encoder: str = "random"  # a file of ImageNet weights, or "random"
    init: str = "default"  # or "normal": N(0, 0.02), as pix2pix's
    frozen_steps: int = 0  # the encoder stands still for so many first steps
    start: str = ""  # a run or checkpoint to begin from: its averaged weights and its bins
    options: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class BinsRecipe:
    """Colour as classes: the rebalancing of Zhang et al. 2016, section 2.2."""

    rarity_power: float = 0.4
    rarity_limit: float = 8.0
    sampled_photos: int = 4000  # from which the colours' shares are counted


@dataclass(frozen=True)
class DiscriminatorRecipe:
    """The adversary. The loss called `adversarial` in `[loss]` is the generator's side of it."""

    name: str = "patchgan"
    options: dict[str, Any] = field(default_factory=dict)
    kind: str = "bce"  # bce, least_squares or hinge
    loss_weight: float = 0.5  # pix2pix halves the sum of its two sides; 1 leaves it whole
    label_smoothing: float = 0.0
    r1: float = 0.0  # weight γ of R1: γ/2 · |gradient at real pictures|² (Mescheder et al. 2018)
    r1_every: int = 16  # steps; the penalty is scaled up to match
    rate: float = 2e-4
    init: str = "normal"
    starts_at: float = 0.0  # share of the budget in which the generator trains alone (NoGAN)


@dataclass(frozen=True)
class OptimizerRecipe:
    """AdamW or Adam (Loshchilov & Hutter 2019; Kingma & Ba 2015), warm-up and decay."""

    name: str = "adamw"
    betas: tuple[float, ...] = (0.9, 0.999)
    decoder_rate: float = 1.2e-3
    encoder_rate: float = 2e-4
    weight_decay: float = 0.02
    warmup_steps: int = 400
    decay: str = "cosine"  # "none", "linear" over the second half as pix2pix's, or "cosine"
    clip_norm: float = 1.0  # 0 does not clip
    ema_decay: float = 0.999  # 0 keeps no average: the weights are the last step's


@dataclass(frozen=True)
class Stage:
    """A stretch of the run: up to `until` (share of the budget) crops are `px` wide and high."""

    until: float
    px: int
    batch: int = 0  # pictures a step here, 0 for the run's


@dataclass(frozen=True)
class RunRecipe:
    """Sizes, budget and rhythm. The budget is `steps`, else `epochs`, else `minutes`; 0 is none."""

    stages: tuple[Stage, ...] = (Stage(0.55, 96), Stage(1.0, 128))
    batch: int = 48  # pictures a step, of all processes together
    accumulate: int = 1  # pieces that a step's batch is cut into, to need less memory
    minutes: float = 80.0
    steps: int = 0
    epochs: float = 0.0
    seed: int = 7
    precision: str = "auto"  # of `PRECISIONS`
    compile: str = "off"  # or "on", or "auto": on a GPU, where a few timed steps show it pays
    strategy: str = "ddp"  # of several processes: "ddp", or "fsdp", weights cut over them
    checkpoint_minutes: float = 3.0
    checkpoint_steps: int = 0  # as well, every so many steps; 0 not
    log_steps: int = 50
    sample_minutes: float = 10.0
    sample_steps: int = 0  # looks at held-out pictures every so many steps, not minutes; 0 not
    best_by: str = "held_out"  # which number of a look says what "best" is; the least wins
    patience: int = 0  # looks without a better one before the run ends early; 0 never


@dataclass(frozen=True)
class HealthRecipe:
    """When a run is stopped because nothing good can come of it any more."""

    alarm: bool = True
    grace_steps: int = 500  # at the start, in which anything goes
    least_chroma_share: float = 0.02  # of real chroma; less is grey output
    least_discriminator_loss: float = 1e-3
    patience_steps: int = 1000  # that a symptom must last


@dataclass(frozen=True)
class Recipe:
    """One training run, whole."""

    name: str
    description: str = ""
    paints: str = "ab"  # what the model file gives: ab, or rgb (lightness painted too)
    data: DataRecipe = field(default_factory=DataRecipe)
    crop: CropRecipe = field(default_factory=CropRecipe)
    film: FilmRecipe = field(default_factory=FilmRecipe)
    outline: OutlineRecipe = field(default_factory=OutlineRecipe)
    hints: HintRecipe = field(default_factory=HintRecipe)
    generator: GeneratorRecipe = field(default_factory=GeneratorRecipe)
    bins: BinsRecipe = field(default_factory=BinsRecipe)
    loss: dict[str, float] = field(default_factory=lambda: {"quantized_cross_entropy": 1.0})
    loss_options: dict[str, dict[str, Any]] = field(default_factory=dict)
    discriminator: DiscriminatorRecipe = field(default_factory=DiscriminatorRecipe)
    optimizer: OptimizerRecipe = field(default_factory=OptimizerRecipe)
    run: RunRecipe = field(default_factory=RunRecipe)
    health: HealthRecipe = field(default_factory=HealthRecipe)

    @property
    def is_adversarial(self) -> bool:
        """Whether a discriminator is trained beside the generator."""
        return self.loss.get("adversarial", 0.0) > 0
