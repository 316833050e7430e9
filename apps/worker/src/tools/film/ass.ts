export interface AssStyle {
  name: string;
  font: string;
  size: number;
  /** ASS writes colours backwards: &HAABBGGRR, and 00 is opaque. */
  colour: string;
  outline: string;
  outlineWidth: number;
  shadow: number;
  bold: boolean;
  spacing?: number;
  /** As on the number pad: 2 is below in the middle, 8 above. */
  alignment: number;
  marginSides: number;
  marginVertical: number;
}

export interface AssEvent {
  start: number;
  end: number;
  style: string;
  layer?: number;
  /** Already in ASS: user text in it went through assText. */
  text: string;
}

/** A whole subtitle file for a picture of this size. */
export function assFile({ width, height }: { width: number; height: number }, styles: AssStyle[], events: AssEvent[]) {
  return `[Script Info]
ScriptType: v4.00+
PlayResX: ${width}
PlayResY: ${height}
WrapStyle: 0
ScaledBorderAndShadow: yes

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, Encoding
${styles.map(styleLine).join('\n')}

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
${events.map(eventLine).join('\n')}
`;
}

/** The last field, -1, lets each line find its own direction: Arabic and Hebrew run from the right. */
const styleLine = (s: AssStyle) =>
  `Style: ${s.name},${s.font},${s.size},${s.colour},${s.colour},${s.outline},&H90000000,${s.bold ? -1 : 0},0,0,0,100,100,${s.spacing ?? 0},0,1,${s.outlineWidth},${s.shadow},${s.alignment},${s.marginSides},${s.marginSides},${s.marginVertical},-1`;

const eventLine = ({ start, end, style, text, layer = 0 }: AssEvent) =>
  `Dialogue: ${layer},${assTime(start)},${assTime(end)},${style},,0,0,0,,${text}`;

/** Hours, minutes, seconds and hundredths. */
export function assTime(seconds: number): string {
  const hundredths = Math.max(0, Math.round(seconds * 100));
  const two = (value: number) => String(value).padStart(2, '0');
  const minutes = Math.floor(hundredths / 6_000);
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(Math.floor(hundredths / 100) % 60)}.${two(hundredths % 100)}`;
}
