/** Bundled at build (scripts/bundle.js): of the package, this is all that is used. */
export { CsvError, parse } from 'csv-parse/sync';
