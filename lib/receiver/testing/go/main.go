// Sends one trace with OpenTelemetry's exporter of Go to os.Args[1]; prints its id and the exporter's version.
package main

import (
	"context"
	"fmt"
	"os"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

func main() {
	ctx := context.Background()
	exporter, err := otlptracehttp.New(ctx,
		otlptracehttp.WithEndpointURL(os.Args[1]),
		otlptracehttp.WithCompression(otlptracehttp.GzipCompression))
	if err != nil {
		panic(err)
	}
	provider := sdktrace.NewTracerProvider(
		sdktrace.WithBatcher(exporter),
		sdktrace.WithResource(resource.NewSchemaless(
			attribute.String("service.name", "go"),
			attribute.String("deployment.environment.name", "test"))))
	tracer := provider.Tracer("shop", trace.WithInstrumentationVersion("2.0.0"))
	ctx, root := tracer.Start(ctx, "POST /orders", trace.WithSpanKind(trace.SpanKindServer))
	_, child := tracer.Start(ctx, "charge ünïcode", trace.WithSpanKind(trace.SpanKindClient), trace.WithAttributes(
		attribute.String("http.route", "/charge"),
		attribute.Int("count", 3),
		attribute.Float64("ratio", 0.25),
		attribute.Bool("ok", true),
		attribute.StringSlice("tags", []string{"a", "b"})))
	child.AddEvent("retry", trace.WithAttributes(attribute.Int("attempt", 2)))
	child.SetStatus(codes.Error, "declined")
	child.End()
	root.End()
	if err := provider.Shutdown(ctx); err != nil {
		panic(err)
	}
	fmt.Println(root.SpanContext().TraceID(), otlptrace.Version())
}
