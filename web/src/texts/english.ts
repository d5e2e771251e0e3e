/** Every word of the site. To translate it, write another file of this shape. */

export const english = {
  language: "en",
  name: "Photochrom",
  /** What index.html says before any script runs. */
  page: {
    title: "Photochrom: colour for black-and-white photographs",
    description:
      "Believable colour for black-and-white photographs, in your browser. Your photo never leaves this device.",
    noScript: "Photochrom colours photographs in your browser, and needs JavaScript for it.",
  },
  skip: "Skip to the photograph",

  welcome: {
    headline: "Colour for photographs that have none",
    choose: "Choose photographs",
    camera: "Use the camera",
    orDrop: "or drop them anywhere on this page, or paste",
    examples: "Or try one of these",
    example: (name: string) => `Colour the example “${name}”`,
    exampleNames: { astronaut: "Portrait, 1993", rocket: "Launch, 2015", chelsea: "Cat, 2013" },
    hero: "A portrait, grey on one side and coloured on the other",
    honest: "Colours are a model’s guess, and every saved file says so.",
    drop: "Let go to colour them",
  },

  camera: {
    label: "Camera",
    shoot: "Take the photograph",
    denied: "The camera cannot be used. Allow it in the browser, or choose a file.",
  },

  place: {
    label: "Where colour is made",
    device: "On this device",
    server: "On the server",
    devicePromise: "Your photo never leaves this device.",
    serverNotice: "Photos are sent to the server, which keeps none of them.",
  },

  model: {
    loading: (percent: number) => `Getting the colour model: ${percent} %`,
    starting: "Getting the colour model ready",
    retry: "Try again",
    useServer: "Use the server instead",
  },

  picture: {
    label: "Photograph",
    canvas: (name: string) => `${name}, in colour`,
    help: "Arrow keys move the crosshair, Enter says its colour, plus and minus zoom, 0 shows all, hold B to see it before.",
    tip: "Click anything to say its colour",
    tipTouch: "Touch anything to say its colour",
    greyed: "This came in colour. It was greyed first, and coloured anew.",
    narrowed:
      "It has more than 8 bits a channel, and is saved with 8; of a PNG the photochrom program keeps all.",
    compare: "How much of the photo is shown as it was before",
    compareValue: (percent: number) => `${percent} % before`,
    trueColours: "Compare with its true colours",
    grey: "Compare with the grey",
    failed: (name: string) => `${name} could not be coloured`,
  },

  phase: {
    waiting: "waiting",
    opening: "opening",
    colouring: "colouring",
    ready: "coloured",
    failed: "failed",
  },
  announce: {
    ready: (name: string) => `${name} is coloured.`,
    failed: (name: string, why: string) => `${name} failed. ${why}`,
    saved: (name: string) => `${name} is saved.`,
  },

  strip: {
    label: "Photographs",
    add: "Add photographs",
    show: (name: string, phase: string) => `${name}, ${phase}`,
    remove: (name: string) => `Take ${name} away`,
    progress: (done: number, all: number) => `${done} of ${all}`,
  },

  controls: {
    label: "Colour",
    strength: "Strength",
    vividness: "Vividness",
    percent: (value: number) => `${Math.round(value * 100)} %`,
    undo: "Undo",
    redo: "Redo",
    reset: "Back to the first colours",
    zoomIn: "Zoom in",
    zoomOut: "Zoom out",
    fit: "Show all of it",
  },

  hint: {
    title: "What colour is this?",
    change: "Change this colour",
    likely: "Likely here",
    other: "Other colours",
    any: "Any colour",
    remove: "Let the model choose",
    close: "Close",
    swatch: (hex: string) => `Colour ${hex}`,
    neutral: "No colour",
    marker: (number: number, hex: string) => `Colour ${number} that you said, ${hex}`,
    thinking: "Looking",
  },

  save: {
    one: "Save",
    more: "More ways to save",
    ordinary: "Colour picture",
    ordinaryNote: "Opens everywhere",
    archive: "Archive copy, original inside",
    archiveNote: "photochrom restore gives the original back, byte for byte",
    all: (count: number) => `All ${count} as a zip`,
    allNote: "Names and camera notes are kept",
    working: "Saving",
    without: (zip: string, names: readonly string[]) =>
      `${zip} is saved without ${names.join(", ")}: ${names.length === 1 ? "it" : "they"} could not be saved.`,
    zipName: "photochrom.zip",
  },

  problems: {
    empty: "This file is empty.",
    notAPicture: "This file is not a picture that this browser can read.",
    damaged: "This picture is damaged, and cannot be read to its end.",
    rareJpeg: "This is a rare kind of JPEG that browsers do not read.",
    fileGone: "The file can no longer be read. It was moved or changed.",
    metadataTooLong: "This picture carries more notes than a JPEG can hold.",
    notArchivable: "The original’s bytes cannot be kept in a colour copy of this picture.",
    tooLarge:
      "This picture is too large for this browser. The photochrom program colours it on a computer: a TIFF with “photochrom scan”, others with “photochrom colorize --max-megapixels”.",
    tooLargeForZip:
      "Together these pictures are larger than a zip can be, which is 4 GB. Save some of them one by one, and take them away.",
    tooManyHints: "A photo takes at most 256 colours that you say.",
    modelUnreachable: "The colour model could not be loaded. Check the connection and try again.",
    modelDamaged: "The colour model arrived damaged. Try again to fetch it anew.",
    modelFailed: "The colour model could not run on this device.",
    serverUnreachable: "The server cannot be reached.",
    serverBusy: "The server is busy. Try again in a moment.",
    serverWantsKey: "The server asks for a key, which this page does not have.",
    serverRefused: "The server did not take this picture.",
    tooLargeForServer: "This picture is larger than the server takes.",
    unexpected: "Something went wrong.",
  },
  /** Problems that the server may not have. */
  serverMayHelp: "The server may be able to read it.",
};

export type Texts = typeof english;
