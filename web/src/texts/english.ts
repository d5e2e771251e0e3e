/** Every word of the site. To translate it, write another file of this shape. */

export const english = {
  title: "Photochrom",
  problems: {
    notAPicture: "This file is not a picture that this browser can read.",
    damaged: "This picture is damaged, and cannot be read.",
    empty: "This file is empty.",
    rareJpeg: "This is a rare kind of JPEG that browsers do not read.",
    fileGone: "The file can no longer be read. It was moved or changed.",
    metadataTooLong: "This picture carries more notes than a JPEG can hold.",
    tooLarge: "This picture is too large for this device.",
    modelUnreachable: "The colour model could not be loaded. Check the connection and try again.",
    modelDamaged: "The colour model arrived damaged. Reload the page to fetch it again.",
    modelFailed: "The colour model could not run on this device.",
    unexpected: "Something went wrong.",
  },
} as const;
