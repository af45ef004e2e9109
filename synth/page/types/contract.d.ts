// What the face and what is under it agree on: the player's interface, the catalogue and the status, as global types.

interface Place {
  azimuth_deg: number;
  elevation_deg: number;
  distance_m: number;
}

/** A parameter of a layer: its range and value in its unit; with `choices` the value is an index. */
interface ParameterView {
  low: number;
  high: number;
  value: number;
  unit: string;
  curve: string;
  help: string;
  choices?: string[];
  /** The preset's own value, where `value` follows what moves it. */
  usual?: number;
}

interface LayerView {
  name: string;
  trigger: string;
  parameters: Record<string, ParameterView>;
  place: Place;
  level_db: number;
  muted: boolean;
  soloed: boolean;
}

interface CatalogueLayer {
  name: string;
  trigger: string;
  level_db?: number;
  place?: Partial<Place>;
  motion?: { kind?: string };
}

interface SceneView {
  name: string;
  over_s?: number;
}

interface PresetView {
  name: string;
  title: string;
  tags: string[];
  description: string;
  families: string[];
  layers: CatalogueLayer[];
  scenes: SceneView[];
}

/** What the registry says of a trigger; pictures are drawn from it. */
interface TriggerFacts {
  parameters?: { name: string; unit?: string }[] | Record<string, { unit?: string }>;
  gesture?: { kind?: string };
  families?: string[];
  emitters?: number;
  speaks?: boolean;
  hears?: boolean;
}

interface Catalogue {
  presets: PresetView[];
  triggers: Record<string, TriggerFacts>;
  version: string;
  /** What an exported page consists of beside presets and ears. */
  files?: string[];
}

/** What sounds just now; `level` is its mean square in dB. */
interface MicroEvent extends Place {
  level: number;
}

interface LayerStatus extends Place {
  /** Mean square of what the layer sounds like just now, in dB. */
  level_db?: number;
  events?: MicroEvent[];
}

interface Status {
  frame: number;
  seconds: number;
  peak_db: [number, number] | number[];
  /** A-weighted mean square of both ears, in dB. */
  loudness: number;
  limiter_db: number;
  missed_blocks: number;
  cpu: number;
  layers: LayerStatus[];
}

interface Recording {
  left: Float32Array;
  right: Float32Array;
  sample_rate: number;
}

/** A recording that another machine has made: its file's name, and where it is fetched. */
interface RecordedFile {
  name: string;
  address: string;
}

interface PagePlayer extends EventTarget {
  catalogue: Catalogue;
  name: string;
  seed: number | bigint | string;
  isPlaying: boolean;
  /** What has been changed, by "layer.path", where the player keeps it. */
  changed?: Record<string, number>;
  layers: LayerView[];
  status: Status;
  readonly tap: AnalyserNode[] | null;
  volume_db: number;
  play(name: string, options?: { seed?: number; values?: Record<string, number> }): Promise<void>;
  /** Fetch and compile ahead, so that it plays at once. */
  prepare?(name: string): Promise<void>;
  stop(fade_s?: number): Promise<void>;
  set(layer: string, path: string, value: number, ramp_s?: number): void;
  strike(layer: string, velocity: number): void;
  release(layer: string): void;
  move(layer: string, place: Partial<Place>): void;
  mute(layer: string, on: boolean): void;
  solo(layer: string, on: boolean): void;
  scene(name: string, ramp_s?: number): void;
  morph(from: string, to: string, share: number): void;
  sleep(seconds: number, fade_s?: number): void;
  midi(bytes: Uint8Array | number[]): void;
  newPerformance(seed: number): Promise<void> | void;
  record(on: boolean): Promise<Recording | RecordedFile | void> | Recording | void;
  /** Where the sound may come from, the present way first, where there is a choice: "device" of a machine, or "browser". */
  readonly sounds?: { from: string; device?: string; address: string }[];
  /** Only where somebody takes the hold down: how strongly it tingles now, 0..1. */
  tingle?(amount: number): void;
  /** Only where a layer can be told what to say. */
  speak?(layer: string, text: string): Promise<void> | void;
}
