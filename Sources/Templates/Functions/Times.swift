import Model

/// Functions over times and durations.
extension TemplateFunction {
  func timed(_ given: TemplateArguments, _ scene: TemplateScene) throws(TemplateCallError) -> TemplateValue {
    switch self {
    case .toTime:
      let nanoseconds = try Self.nanoseconds(try given.number(0), of: "timestamp")
      return .time(GoTime(Timestamp(millisecondsSinceEpoch: nanoseconds / 1_000_000)))
    case .toDuration:
      return .duration(GoDuration(nanoseconds: try Self.nanoseconds(try given.number(0), of: "duration")))
    case .now: return .float(scene.now.secondsSinceEpoch)
    case .timeNow: return .time(GoTime(scene.now))
    case .date: return .string(given.time(1).formatted(as: given.text(0)))
    case .since: return .duration(GoTime(scene.now).since(given.time(0)))
    case .toDate: return .time(GoTime(parsing: given.text(1), as: given.text(0)) ?? .zero)
    case .mustToDate:
      guard let time = GoTime(parsing: given.text(1), as: given.text(0)) else {
        let (text, layout) = (given.text(1).quotedAsGo, given.text(0).quotedAsGo)
        throw .function("parsing time \(text) as \(layout): cannot parse it")
      }
      return .time(time)
    case .tz:
      var time = given.time(1)
      guard let rules = scene.zones[given.text(0)] else {
        throw .function("unknown time zone \(given.text(0))")
      }
      time.zone = rules.offset(at: time.instant)
      return .time(time)
    default: return .float(try Self.seconds(given.text(0)))
    }
  }

  private static func nanoseconds(_ seconds: Double, of kind: String) throws(TemplateCallError) -> Int64 {
    guard seconds.isFinite else { throw .function("value is NaN or Inf") }
    guard let nanoseconds = Int64(exactly: (seconds * 1e9).rounded(.towardZero)) else {
      throw .function(
        seconds.printedAsGo + " cannot be represented as a nanoseconds \(kind) since it overflows int64")
    }
    return nanoseconds
  }

  private static func seconds(_ text: String) throws(TemplateCallError) -> Double {
    let isNegative = text.utf8.first == UInt8(ascii: "-")
    do throws(DurationSyntaxError) {
      let duration = try Duration(prometheus: isNegative ? String(text.dropFirst()) : text)
      return isNegative ? -duration.inSeconds : duration.inSeconds
    } catch {
      throw .function("not a valid duration string: " + text.quotedAsGo)
    }
  }
}
