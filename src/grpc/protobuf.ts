/** What is used of protobuf.js, for the build to put into one file: the whole package is 4 MB. */
export { default as protobuf } from 'protobufjs';
export { default as protojson } from 'protobufjs/ext/protojson.js';
export { default as descriptor } from 'protobufjs/ext/descriptor.js';
