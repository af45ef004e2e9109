// The page: opens the player, shows the board, the stage or the overlay, whichever the address says.

import { Player } from "./player.js";
import { h } from "./logic/dom.js";
import { unpacked } from "./logic/link.js";
import { keep, kept } from "./logic/store.js";
import { followMedia } from "./media-session.js";
import { NightPlayer } from "./night-player.js";
import { HeadView } from "./parts/head-view.js";
import { helpSheet } from "./parts/help-sheet.js";
import { nightSheet } from "./parts/night-sheet.js";
import { part } from "./parts/part.js";
import { PlayerBar } from "./parts/player-bar.js";
import { sleepSheet } from "./parts/sleep-sheet.js";
import { SoundBoard } from "./parts/sound-board.js";
import { StageView } from "./parts/stage-view.js";
import { Session } from "./session.js";
import { followKeys } from "./shortcuts.js";

const SAID_MS = 4000;

class Page {
  /** @param {PagePlayer} player @param {HTMLElement} root */
  constructor(player, root) {
    this.root = root;
    this.session = new Session(player);
    this.night = new NightPlayer(this.session);
    this.board = part(SoundBoard, this.session);
    this.stage = part(StageView, this.session);
    this.bar = part(PlayerBar, this.session);
    this.scrolled = 0;
    this.said = h("div", { class: "said", role: "status", "aria-live": "polite" });
    document.body.append(this.bar, this.said);
    this.session.addEventListener("said", (event) =>
      this.say(/** @type {CustomEvent} */ (event).detail.text, /** @type {CustomEvent} */ (event).detail.isSeen),
    );
    document.addEventListener("ask", (event) => this.ask(/** @type {CustomEvent} */ (event).detail));
    addEventListener("hashchange", () => void this.route());
    this.session.addEventListener("change", () => this.follow());
    followMedia(this.session);
    followKeys(this.session, {
      help: () => this.ask("help"),
      search: () => this.search(),
      board: () => (location.hash = "#"),
      record: () => void this.stage.more?.toggleRecord(),
      tingle: () => this.stage.hold?.arm(),
    });
  }

  /** @param {string} text @param {boolean} [isSeen] */
  say(text, isSeen = false) {
    this.said.textContent = text;
    this.said.toggleAttribute("data-shown", !isSeen);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.said.toggleAttribute("data-shown", false), SAID_MS);
  }

  /** @param {string} what */
  ask(what) {
    if (what === "sleep") sleepSheet(this.session, () => this.ask("night"));
    else if (what === "night") nightSheet(this.session, this.night);
    else helpSheet();
  }

  search() {
    history.replaceState(null, "", "#");
    this.put(this.board);
    this.board.search?.focus();
  }

  /** Show a view; the others stay as they are, unseen. @param {HTMLElement} view */
  put(view) {
    const before = [...this.root.children].find((each) => each instanceof HTMLElement && !each.hidden);
    if (before === view) return;
    if (before === this.board) this.scrolled = scrollY;
    if (view.parentNode !== this.root) this.root.append(view);
    for (const each of this.root.children) /** @type {HTMLElement} */ (each).hidden = each !== view;
    document.body.dataset.view = view.localName;
    if (view === this.board) scrollTo(0, this.scrolled);
  }

  /** Show what the address says. */
  async route() {
    const [what, rest = ""] = decodeURIComponent(location.hash.slice(1)).split("/", 2);
    if (what === "overlay") return this.overlay(rest);
    if (what === "link") return this.open(rest);
    if (what === "play" && this.knows(rest)) return this.toStage(rest);
    this.put(this.board);
    document.title = "Sounds around your head";
  }

  /** Another preset was asked for by a key, a controller or the night: the stage's address follows. */
  follow() {
    const { name, preset } = this.session;
    if (document.body.dataset.view !== this.stage.localName || !preset) return;
    document.title = preset.title;
    if (location.hash !== `#play/${name}`) history.replaceState(null, "", `#play/${name}`);
  }

  /** @param {string} name */
  knows(name) {
    const isKnown = this.session.player.catalogue.presets.some((preset) => preset.name === name);
    if (!isKnown) this.say(`There is no sound called ${name} here; choose another one.`);
    return isKnown;
  }

  /** @param {string} name */
  toStage(name) {
    if (!this.session.name || (this.session.name !== name && !this.session.isLoading)) {
      if (this.session.isPlaying) void this.session.play(name);
      else this.session.show(name, this.session.seed, {});
    }
    this.put(this.stage);
    this.stage.arrive();
    document.title = this.session.preset?.title ?? "";
  }

  /** @param {string} text of a link */
  async open(text) {
    try {
      const { name, seed, values } = await unpacked(text);
      if (!this.knows(name)) return this.put(this.board);
      this.session.show(name, seed, values);
      history.replaceState(null, "", `#play/${name}`);
      this.toStage(name);
    } catch (error) {
      this.put(this.board);
      this.say(error instanceof Error ? error.message : String(error));
    }
  }

  /** The head alone on a transparent ground, for streaming software, which lets it play at once. @param {string} name */
  overlay(name) {
    this.put(part(HeadView, this.session));
    document.body.dataset.view = "overlay";
    if (!name || !this.knows(name)) return;
    const play = () => void this.session.play(name);
    play();
    addEventListener("pointerdown", play, { once: true }); // where the browser wants a tap first
  }
}

/**
 * Keep the page's own files, and what was fetched before the service worker was there, so that the page plays without a network.
 * @param {string[]} files what audio threads and workers fetch is not in the page's own list
 */
async function stayOffline(files) {
  if (!("serviceWorker" in navigator) || !isSecureContext) return;
  await navigator.serviceWorker.register("offline.js");
  const { active } = await navigator.serviceWorker.ready;
  const fetched = performance.getEntriesByType("resource").map((entry) => entry.name);
  const own = [...fetched, ...files.map((path) => String(new URL(path, location.href)))];
  const here = new Set(own.filter((url) => url.startsWith(location.origin)));
  active?.postMessage({ keep: [location.href.split("#", 1)[0], ...here] });
}

/** Open the player with the ears that were chosen, or, where these are no longer there, with the page's first. */
async function opened() {
  const ears = kept("ears", "");
  if (!ears) return Player.open({ base: "." });
  try {
    return await Player.open({ base: ".", ears });
  } catch {
    keep("ears", ""); // what else is wrong is wrong without them too, and said
    return Player.open({ base: "." });
  }
}

/** @param {HTMLElement} root */
async function begin(root) {
  try {
    const player = await opened();
    const page = new Page(player, root);
    root.replaceChildren();
    void stayOffline(player.catalogue.files ?? []);
    await page.route();
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    root.replaceChildren(h("div", { class: "trouble", role: "alert" }, h("h1", {}, "It cannot play here"), h("p", {}, text)));
  }
}

await begin(/** @type {HTMLElement} */ (document.querySelector("main")));
