import Diagnostics
import Model
import YAML

extension EmbeddedSpec {
  private static let names: FieldNames = {
    var names = FieldNames("an embedded source", ["retention", "max_series", "max_disk", "host", "scrape"])
    names.answers = [
      "url": "an embedded source has no server; its feeds are 'host' and 'scrape'",
      "scrape_configs": "write 'scrape', a list of jobs with 'targets'",
    ]
    return names
  }()

  private static let hostNames = FieldNames("the host feed", ["interval"])

  init?(_ node: YAMLNode, _ reading: inout Reading) {
    guard let fields = Fields(node, Self.names, &reading) else { return nil }
    self.init()
    if let given = fields["retention"].flatMap({ reading.duration($0, allowsZero: false) }) { retention = given }
    if let given = fields["max_series"].flatMap({ reading.integer($0, in: 1...10_000_000) }) { maxSeries = given }
    if let given = fields["max_disk"].flatMap({ reading.size($0, in: 1 << 20...1 << 44) }) { maxDisk = given }
    readHost(fields, &reading)
    guard let list = fields["scrape"] else { return }
    for item in reading.items(list, "scrape jobs") {
      guard let scrape = ScrapeSpec(item, &reading) else { continue }
      if scrapes.contains(where: { $0.job == scrape.job }) {
        reading.error(
          .duplicateItem, "a job '\(Wording.short(scrape.job))' is already there", at: item.range.firstLineStart,
          fix: "give each job its own 'job_name', or add its targets to the first")
      }
      scrapes.append(scrape)
    }
  }

  private mutating func readHost(_ fields: Fields, _ reading: inout Reading) {
    guard fields.isWritten("host") else { return }
    guard reading.scope == .platform else {
      reading.error(
        .kindOutOfScope, "the host feed tells of the controller's own machine and stands in platform/ only",
        at: fields.place(of: "host"), fix: "scrape a node_exporter, or ask the platform team")
      return
    }
    hostInterval = .seconds(15)
    guard let node = fields["host"], let host = Fields(node, Self.hostNames, &reading) else { return }
    if let interval = host["interval"].flatMap({ reading.duration($0, allowsZero: false) }) { hostInterval = interval }
  }
}

extension ScrapeSpec {
  private static let names: FieldNames = {
    var names = FieldNames(
      "a scrape job",
      [
        "job_name", "targets", "interval", "timeout", "scheme", "metrics_path", "labels", "honor_labels",
        "honor_timestamps", "sample_limit",
      ] + HTTPSettings.fieldNames)
    names.answers = HTTPSettings.answers
    names.answers["static_configs"] = "write 'targets' and 'labels' here"
    names.answers["scrape_interval"] = "write 'interval'"
    names.answers["scrape_timeout"] = "write 'timeout'"
    names.answers["relabel_configs"] = "targets are written as they are; there is no relabelling"
    names.answers["metric_relabel_configs"] = "series are kept as they are; there is no relabelling"
    names.answers["url"] = "write 'targets' as host:port, and 'scheme' and 'metrics_path'"
    return names
  }()

  private enum Scheme: String, CaseIterable {
    case http, https
  }

  init?(_ node: YAMLNode, _ reading: inout Reading) {
    guard let fields = Fields(node, Self.names, &reading) else { return nil }
    let http = HTTPSettings(fields, &reading)
    let job = fields.required("job_name", &reading).flatMap { reading.word($0, "the name of a job") }
    let targets = fields.required("targets", &reading).map { reading.targets($0) }
    guard let job, let targets else { return nil }
    self.init(job: job, targets: targets)
    self.http = http
    read(fields, &reading)
  }

  private mutating func read(_ fields: Fields, _ reading: inout Reading) {
    if let given = fields["interval"].flatMap({ reading.duration($0, allowsZero: false) }) { interval = given }
    timeout = min(timeout, interval)
    if let node = fields["timeout"], let given = reading.duration(node, allowsZero: false) {
      timeout = given
      if given > interval {
        reading.error(
          .outOfRange, "the timeout \(given.prometheus) is longer than the interval \(interval.prometheus)",
          at: node.range, fix: "write at most \(interval.prometheus)")
      }
    }
    if let node = fields["scheme"], let given = reading.choice(node, Scheme.self, "a scheme") {
      scheme = given.rawValue
    }
    if let node = fields["metrics_path"], let given = reading.word(node, "a path") {
      path = given
      if !given.hasPrefix("/") {
        reading.error(
          .malformedURL, "'\(Wording.short(given))' is not a path", at: node.range, fix: "begin it with a slash")
      }
    }
    labels = fields["labels"].map { reading.labels($0, .labels) } ?? []
    honorLabels = fields["honor_labels"].flatMap { reading.boolean($0) } ?? false
    honorTimestamps = fields["honor_timestamps"].flatMap { reading.boolean($0) } ?? true
    sampleLimit = fields["sample_limit"].flatMap { reading.integer($0, in: 0...10_000_000) } ?? 0
  }
}

extension Reading {
  /// `host:port` of scrape targets.
  fileprivate mutating func targets(_ node: YAMLNode) -> [String] {
    var targets: [String] = []
    for item in words(node, "targets") {
      guard let target = target(item) else { continue }
      if targets.contains(target) {
        error(.duplicateItem, "the target '\(Wording.short(target))' is already there", at: item.range)
      } else {
        targets.append(target)
      }
    }
    return targets
  }

  private mutating func target(_ item: Located<String>) -> String? {
    do throws(WebAddress.Problem) {
      let address = try WebAddress("http://" + item.value)
      if !item.value.contains("/"), !item.value.contains("@"), !address.host.isEmpty { return item.value }
    } catch {}
    error(
      .malformedAddress, "'\(Wording.short(item.value))' is not a target", at: item.range,
      fix: "write host and port, such as 'web-1:9100'")
    return nil
  }

  /// A number of bytes: `512MiB`, `1GiB`, `500MB`, or a whole number.
  mutating func size(_ node: YAMLNode, in range: ClosedRange<Int>) -> Int? {
    guard let text = word(node, "a size") else { return nil }
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    let units = [
      "": 1, "B": 1, "kB": 1000, "KB": 1000, "MB": 1_000_000, "GB": 1_000_000_000, "TB": 1_000_000_000_000,
      "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30, "TiB": 1 << 40,
    ]
    guard let count = Int(digits), let unit = units[String(text.dropFirst(digits.count))] else {
      error(
        .wrongType, "'\(Wording.short(text))' is not a size", at: node.range, fix: "write it as 512MiB or 2GiB")
      return nil
    }
    let (bytes, overflow) = count.multipliedReportingOverflow(by: unit)
    guard !overflow, range.contains(bytes) else {
      error(
        .outOfRange, "\(Wording.short(text)) is out of range", at: node.range,
        fix: "write a size from \(range.lowerBound >> 20)MiB on")
      return nil
    }
    return bytes
  }
}
