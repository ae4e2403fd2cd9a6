/**
 * What the charts take from D3. The build bundles it into this one file (scripts/bundle.js), so
 * that an installed c1m needs no D3.
 */
export { scaleBand, scaleLinear, scaleLog, type ScaleContinuousNumeric } from 'd3-scale';
export {
  area,
  line,
  symbol,
  symbolCircle,
  symbolCross,
  symbolDiamond,
  symbolSquare,
} from 'd3-shape';
export { symbolStar, symbolTriangle, symbolWye } from 'd3-shape';
