/// A sample's value as text: the shortest digits that read back as it, `NaN`, `+Inf` or `-Inf`.
///
/// JSON has no word for the last three, so values travel as text, as in Prometheus.
func sampleText(_ value: Double) -> String {
  if value.isNaN { return "NaN" }
  if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
  if let whole = Int64(exactly: value), abs(value) < 1e15 { return String(whole) }
  return value.description
}
