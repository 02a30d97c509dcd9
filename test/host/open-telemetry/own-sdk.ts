// A program that brings an SDK of its own and registers it with OpenTelemetry's API, as any service does.

import http from 'node:http';
import { trace } from '@opentelemetry/api';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';

const exporter = new InMemorySpanExporter();
const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
const isRegistered = trace.setGlobalTracerProvider(provider);
const tracer = trace.getTracer('own-sdk');

http
  .createServer((request, response) => {
    const span = tracer.startSpan(`${process.env['NAME'] ?? ''} ${request.url ?? ''}`);
    span.end();
    const told = exporter.getFinishedSpans().map((each) => {
      return { name: each.name, startTime: each.startTime, ...each.spanContext() };
    });
    response.end(JSON.stringify({ isRegistered, told }));
  })
  .listen(3000);
