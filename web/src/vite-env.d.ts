/// <reference types="vite/client" />

/** Of src/photochrom/version.py. */
declare const __PHOTOCHROM_VERSION__: string;
/** True in a build for a host without our server. */
declare const __IS_STATIC__: boolean;
