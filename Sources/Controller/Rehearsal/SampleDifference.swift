import Model
import PromQL
import Specs

/// What differs between the samples expected and those that came; the order doesn't matter.
struct SampleDifference {
  private(set) var lines: [DifferenceLine] = []
  private(set) var summary = ""

  /// `isFuzzy`: whether neighbouring numbers count as equal.
  init(expected: [ExpectedSample], got: [QuerySample], isFuzzy: Bool) {
    var left = expected
    var right = got
    left.removeAll { sample in
      let index = right.firstIndex {
        $0.labels == sample.labels && Self.areEqual(sample.value, $0.value, isFuzzy: isFuzzy)
      }
      guard let index else { return false }
      right.remove(at: index)
      return true
    }
    for sample in left {
      if let index = right.firstIndex(where: { $0.labels == sample.labels }) {
        let other = right.remove(at: index)
        lines.append(DifferenceLine(.both, sample.labels.seriesText))
        lines.append(DifferenceLine(.expected, "  " + sample.value.text))
        lines.append(DifferenceLine(.got, "  " + other.value.text))
      } else {
        lines.append(DifferenceLine(.expected, sample.labels.seriesText + " " + sample.value.text))
      }
    }
    lines += right.map { DifferenceLine(.got, $0.labels.seriesText + " " + $0.value.text) }
    guard !lines.isEmpty else { return }
    summary =
      expected.count == got.count
      ? plural(left.count, "sample") + (left.count == 1 ? " differs" : " differ")
      : "expected \(expected.count == 0 ? "none" : plural(expected.count, "sample")), "
        + "got \(got.count == 0 ? "none" : "\(got.count)")"
    if left.contains(where: \.value.isNaN) {
      summary += "; NaN equals nothing, so test it with 'x != x' or count()"
    }
  }

  /// NaN equals nothing, as in promtool; fuzzily, a number equals its two neighbours.
  static func areEqual(_ left: Double, _ right: Double, isFuzzy: Bool) -> Bool {
    left == right || isFuzzy && (left.nextUp == right || left.nextDown == right)
  }
}

extension Labels {
  /// `up{job="a"}`: a series as a test file names it.
  var seriesText: String {
    let name = self["__name__"]
    var rest = self
    rest["__name__"] = ""
    return name.isEmpty || !rest.isEmpty ? name + rest.description : name
  }
}

extension Double {
  /// The shortest text that reads as this number: `3`, `0.1`, `+Inf`.
  var text: String {
    if isNaN { return "NaN" }
    if isInfinite { return self < 0 ? "-Inf" : "+Inf" }
    let text = "\(self)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}
