// The phone's lock screen and the keys of headphones: what plays, play and stop, the one before and after.

/** @param {import("./session.js").Session} session */
export function followMedia(session) {
  if (!("mediaSession" in navigator)) return;
  const { mediaSession } = navigator;
  /** @type {[MediaSessionAction, () => void][]} */
  const acts = [
    ["play", () => session.isPlaying || void session.toggle()],
    ["pause", () => session.isPlaying && void session.stop()],
    ["stop", () => session.isPlaying && void session.stop()],
    ["previoustrack", () => void session.step(-1)],
    ["nexttrack", () => void session.step(1)],
  ];
  for (const [name, act] of acts) mediaSession.setActionHandler(name, act);
  session.addEventListener("change", () => {
    const { preset, isPlaying } = session;
    mediaSession.playbackState = isPlaying ? "playing" : "paused";
    if (preset)
      mediaSession.metadata = new MediaMetadata({
        title: preset.title,
        artist: "synth",
        album: preset.tags.slice(0, 3).join(", "),
        artwork: [{ src: "icon.svg", type: "image/svg+xml" }],
      });
  });
}
