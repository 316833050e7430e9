import { n } from './expressions.ts';
import type { Rgb } from './moods.ts';
import { type Canvas, sheet } from './sheet.ts';

/** Paints layer upon layer: each call adds lines to one filter graph. */
export class Layers {
  readonly #lines: string[] = [];
  readonly #canvas: Canvas;
  #top = 'base';
  #count = 0;

  constructor(canvas: Canvas) {
    this.#canvas = canvas;
  }

  /** What everything else is painted on: one frame, shown for as long as the loop lasts. */
  base(graph: string) {
    this.#lines.push(`${graph},${this.#still()}[base]`);
  }

  /** A layer with its own colours and alpha. */
  over(graph: string, x: string, y: string) {
    const layer = this.#name();
    this.#lines.push(`${graph}[${layer}]`);
    this.#put(layer, x, y);
  }

  /** Light of one colour (or of two, one `above` the other), as strong as a grey layer says. */
  shine(
    strength: string,
    how: { colour: Rgb; above?: Rgb; gain?: number; top?: number; width: number; height: number },
  ) {
    const layer = this.#name();
    const { colour, above = colour, gain = 1, top = 0, width, height } = how;
    const channel = (i: 0 | 1 | 2) =>
      `'${n(above[i])}+${n(colour[i] - above[i])}*pow(clip(Y/${n(height * 0.62)},0,1),1.4)'`;
    const paint = `${sheet(16, height, 'gbrp')},geq=r=${channel(0)}:g=${channel(1)}:b=${channel(2)},scale=${width}:${height},${this.#still()}`;
    this.#lines.push(
      `${paint}[c${layer}];${strength},lut=y=val*${n(gain)},settb=1/${this.#canvas.fps}[a${layer}];[c${layer}][a${layer}]alphamerge[${layer}]`,
    );
    this.#put(layer, '0', n(top));
  }

  /** Adds stars, and lets them twinkle. */
  stars(stars: string, twinkle: string) {
    const layer = this.#name();
    const { width, height } = this.#canvas;
    this.#lines.push(
      `${stars},${this.#still()}[s${layer}];${twinkle},settb=1/${this.#canvas.fps}[t${layer}]`,
      `[s${layer}][t${layer}]blend=all_mode=multiply,pad=${width}:${height}:0:0,format=gbrp[g${layer}]`,
      `[${this.#top}][g${layer}]blend=all_mode=screen[${layer}]`,
    );
    this.#top = layer;
  }

  /** Specks of one colour on a sheet that moves under the picture; they show where the patches let them. */
  specks(sheetOfSpecks: string, patches: string, { colour, x, y }: { colour: Rgb; x: string; y: string }) {
    const name = this.#name();
    const { width, height } = this.#canvas;
    this.#lines.push(
      `${sheetOfSpecks},${this.#still()},crop=${width}:${height}:x='${x}':y='${y}'[m${name}];${patches},${this.#still()}[p${name}]`,
    );
    this.shine(`[m${name}][p${name}]blend=all_mode=multiply`, { colour, width, height });
  }

  enlarge(width: number, height: number) {
    const to = this.#name();
    this.#lines.push(`[${this.#top}]scale=${width}:${height}:flags=bicubic[${to}]`);
    this.#top = to;
  }

  /** Darkens the corners, and hands over the graph. */
  end(): string {
    const { width, height } = this.#canvas;
    const far = `(pow((X-W/2)/W,2)+pow((Y-H/2)/H,2))`;
    this.#lines.push(
      `${sheet(width / 4, height / 4, 'gray')},geq=lum='255*(1-0.62*pow(${far}*2,1.6))',scale=${width}:${height},format=gbrp,${this.#still()}[vignette]`,
      `[${this.#top}][vignette]blend=all_mode=multiply,scale=out_color_matrix=bt709:out_range=tv,format=yuv420p[out]`,
    );
    return this.#lines.join(';');
  }

  /** One frame becomes as many as the loop has. */
  #still(): string {
    const { seconds, fps } = this.#canvas;
    return `loop=loop=${seconds * fps - 1}:size=1,setpts=N/${fps}/TB,fps=${fps},settb=1/${fps}`;
  }

  #put(layer: string, x: string, y: string) {
    const to = this.#name();
    this.#lines.push(`[${this.#top}][${layer}]overlay=x='${x}':y='${y}':format=gbrp[${to}]`);
    this.#top = to;
  }

  #name(): string {
    this.#count += 1;
    return `l${this.#count}`;
  }
}
