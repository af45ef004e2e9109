// The player as the face imports it, for the type check where the engine's own file has not been built.
export class Player extends EventTarget implements PagePlayer {
  static open(options?: { base?: string; ears?: string }): Promise<PagePlayer>;
  catalogue: Catalogue;
  name: string;
  seed: number | bigint | string;
  isPlaying: boolean;
  changed?: Record<string, number>;
  layers: LayerView[];
  status: Status;
  readonly tap: AnalyserNode[] | null;
  volume_db: number;
  play: PagePlayer["play"];
  prepare?: PagePlayer["prepare"];
  stop: PagePlayer["stop"];
  set: PagePlayer["set"];
  strike: PagePlayer["strike"];
  release: PagePlayer["release"];
  move: PagePlayer["move"];
  mute: PagePlayer["mute"];
  solo: PagePlayer["solo"];
  scene: PagePlayer["scene"];
  morph: PagePlayer["morph"];
  sleep: PagePlayer["sleep"];
  midi: PagePlayer["midi"];
  newPerformance: PagePlayer["newPerformance"];
  record: PagePlayer["record"];
  speak?: PagePlayer["speak"];
}
