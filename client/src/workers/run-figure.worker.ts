/** Runs the figures of a lesson beside the page, one after the other. */
import { type FigureRequest, runFigure } from "./run-figure.ts";

self.onmessage = ({ data }: MessageEvent<FigureRequest>) => {
  self.postMessage(runFigure(data));
};
