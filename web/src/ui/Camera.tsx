/** A photograph taken with this device's camera, where it has no camera program of its own. */

import { type ReactNode, useEffect, useRef, useState } from "react";
import { texts } from "../texts/index.ts";
import { Camera as CameraIcon, Cross } from "./icons.tsx";

interface Props {
  readonly onTake: (photo: File) => void;
  readonly onClose: () => void;
}

export function Camera({ onTake, onClose }: Props): ReactNode {
  const dialog = useRef<HTMLDialogElement>(null);
  const video = useRef<HTMLVideoElement>(null);
  const [isDenied, setDenied] = useState(false);
  useEffect(() => {
    dialog.current?.showModal();
    let stream: MediaStream | null = null;
    let isOpen = true;
    const start = async (): Promise<void> => {
      const opened = await navigator.mediaDevices.getUserMedia({ video: { width: 4096 } });
      if (!isOpen) return stop(opened);
      stream = opened;
      if (video.current) video.current.srcObject = opened;
    };
    start().catch(() => setDenied(true));
    return () => {
      isOpen = false;
      if (stream) stop(stream);
    };
  }, []);
  const shoot = async (): Promise<void> => {
    const photo = video.current && (await photographed(video.current));
    if (photo) onTake(photo);
    onClose();
  };
  return (
    <dialog ref={dialog} className="camera" aria-label={texts.camera.label} onClose={onClose}>
      {isDenied ? <p role="alert">{texts.camera.denied}</p> : null}
      <video ref={video} autoPlay muted playsInline hidden={isDenied} />
      <div className="camera-buttons">
        <button type="button" className="primary" disabled={isDenied} onClick={() => void shoot()}>
          <CameraIcon />
          {texts.camera.shoot}
        </button>
        <button type="button" className="tool" aria-label={texts.hint.close} onClick={onClose}>
          <Cross />
        </button>
      </div>
    </dialog>
  );
}

function stop(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

async function photographed(video: HTMLVideoElement): Promise<File | null> {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [video.videoWidth, video.videoHeight];
  canvas.getContext("2d")?.drawImage(video, 0, 0);
  const blob = await new Promise<Blob | null>((resolve) =>
    canvas.toBlob(resolve, "image/jpeg", 0.95),
  );
  return blob && new File([blob], "camera.jpg", { type: "image/jpeg" });
}
