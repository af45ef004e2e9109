// What an audio worklet has beside a page, which TypeScript's library does not know, and what the engine's files add to the contract.

declare class AudioWorkletProcessor {
  readonly port: MessagePort;
  process(inputs: Float32Array[][], outputs: Float32Array[][]): boolean;
}
declare function registerProcessor(name: string, processor: new (options: any) => AudioWorkletProcessor): void;
declare const sampleRate: number;

interface Catalogue {
  ears: Record<string, { title: string; licence: string; citation: string }>;
  layout: string;
  sample_rate: number;
}

/** A preset as `decode.js` unpacks it. */
interface Snapshot {
  header: any;
  bytes: Uint8Array;
}
