import ArgumentParser
import Diagnostics
import Embedded
import Evaluator
import Glibc
import JSON
import Model
import PromQL
import Transport

/// `belfry query`: the value of an expression, over a server's samples, this controller's own, or a file of series.
struct Query: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Evaluate an expression.",
    discussion: """
      Asks a server, or evaluates over the samples of an embedded data source or of a file of series. With --start the
      result is a range, shown as plots.

      Example: belfry query --url http://127.0.0.1:9090 'sum by (job) (up)'
      Example: belfry query --data-dir /var/lib/belfry --start -1h 'rate(node_cpu_seconds_total[5m])'
      Example: belfry query --file series.txt --time 10m 'up == 0'
      """)

  /// How the result is printed.
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text, json
  }

  @Argument(help: "The expression.")
  var expression: String
  @Option(help: "A server that speaks Prometheus's query API.")
  var url: String?
  @Option(help: "The data folder of a controller with an embedded data source, running or not.")
  var dataDir: String?
  @Option(help: "Which data source of --data-dir, such as main, or shop/main of a tenant.")
  var source = "main"
  @Option(help: "A file of series: lines such as up{job=\"a\"} 1 1 0.")
  var file: String?
  @Option(help: "The distance of the values in --file.")
  var interval = "1m"
  @Option(
    parsing: .unconditional,
    help: "The instant: RFC 3339, seconds since 1970, or -5m (default: now; of a file, its end).")
  var time: String?
  @Option(parsing: .unconditional, help: "The first instant of a range, written as --time.")
  var start: String?
  @Option(parsing: .unconditional, help: "The last instant of a range (default: as --time).")
  var end: String?
  @Option(help: "The step of a range (default: a 240th of it).")
  var step: String?
  @Option(help: "A token for --url (or BELFRY_QUERY_TOKEN).")
  var token: String?
  @Option(help: "How the result is printed.")
  var format = Format.text

  func validate() throws {
    guard [url, dataDir, file].count(where: { $0 != nil }) == 1 else {
      throw ValidationError("say where the samples are: one of --url, --data-dir and --file")
    }
    guard start != nil || (end == nil && step == nil) else {
      throw ValidationError("--end and --step belong to a range: give --start too")
    }
    guard start == nil || time == nil else { throw ValidationError("--time and --start exclude each other") }
  }

  func run() async throws {
    let parsed = Expr.parse(expression)
    guard let expr = parsed.expr else { throw CommandFailure(.unsound, problems(parsed.problems)) }
    var text: QueryText
    if let url {
      text = try await ask(url)
    } else if let file {
      let interval = try duration(interval)
      let series = try SeriesFile.read(file, step: interval, now: SystemClock().now)
      text = try evaluate(expr, times(now: series.end), interval, over: series)
    } else {
      let times = try times(now: SystemClock().now)
      text = try await evaluate(times, dataFolder: dataDir ?? "")
    }
    if !expr.ordersItsResult { text.sortByLabels() }
    for note in text.notes { Console.note(note) }
    switch format {
    case .text: Console.result(text.text)
    case .json: Console.bytes(text.json.bytes(pretty: true) + [0x0a])
    }
  }

  // MARK: Evaluating

  private func ask(_ url: String) async throws -> QueryText {
    let times = try times(now: SystemClock().now)
    let transport = try CurlTransport(version: belfryVersion)
    var headers: [Label] = []
    if let token = token ?? environment("BELFRY_QUERY_TOKEN") { headers = [Label("Authorization", "Bearer " + token)] }
    let source = HTTPSampleSource(url: url, headers: headers, transport: transport)
    do throws(QueryError) {
      let answer = try await source.queryValue(expression, times, timeout: .seconds(60))
      for warning in answer.warnings { Console.note(warning) }
      return QueryText(expression: expression, times: times, result: QueryResult(answer.value), width: Console.width)
    } catch {
      let exit: Exit =
        switch error {
        case .unreachable, .timedOut: .unreachable
        default: .failed
        }
      throw CommandFailure(exit, "\(redactedURL(url)): \(error)")
    }
  }

  /// Over what an embedded source has written to its file: all but the last seconds.
  private func evaluate(_ times: QueryTimes, dataFolder: String) async throws -> QueryText {
    let parts = source.split(separator: "/", maxSplits: 1).map(String.init)
    let scope = parts.count > 1 ? Scope.tenant(parts[0]) : .platform
    let id = ResourceID(scope, .dataSource, parts.last ?? "")
    let path = DataSources.file(of: id, in: dataFolder)
    guard Files.exists(path) else {
      throw CommandFailure(.failed, "\(path) isn't there; name an embedded data source with --source")
    }
    let store: SampleStore
    do throws(StoreError) {
      store = try SampleStore.openReadOnly(at: path)
    } catch {
      throw CommandFailure(.failed, "\(path): \(error.description)")
    }
    defer { try? store.close() }
    do throws(QueryError) {
      let answer = try await EmbeddedSource(store: store, clock: SystemClock()).queryValue(
        expression, times, timeout: .seconds(600))
      for warning in answer.warnings { Console.note(warning) }
      return QueryText(expression: expression, times: times, result: QueryResult(answer.value), width: Console.width)
    } catch {
      throw CommandFailure(.failed, error.description)
    }
  }

  private func evaluate(
    _ expr: Expr, _ times: QueryTimes, _ step: Duration = .seconds(60), over source: some SeriesSource
  ) throws(CommandFailure) -> QueryText {
    do throws(EvaluationError) {
      var settings = EngineSettings()
      settings.defaultStep = step
      let result = try PreparedQuery(expr, times: times, settings: settings).evaluate(source)
      return QueryText(expression: expression, times: times, result: result, width: Console.width)
    } catch {
      throw CommandFailure(.failed, error.description)
    }
  }

  /// Each problem with the line of the expression and carets under its part.
  private func problems(_ problems: [ExpressionProblem]) -> String {
    let text = SourceText(Array(expression.utf8))
    let found = problems.map { problem in
      let range = SourceRange(
        text.position(ofOffset: problem.range.lowerBound), text.position(ofOffset: problem.range.upperBound))
      return Diagnostic(
        .error, "malformed-expression", problem.message, at: SourceSpan(file: "expression", range: range),
        fix: problem.fix
      ).rendered { _ in text }
    }
    return "the expression can't be read\n" + found.joined(separator: "\n")
  }

  // MARK: Times

  private func times(now: Timestamp) throws(CommandFailure) -> QueryTimes {
    guard let start else { return QueryTimes(at: try instant(time, now: now)) }
    let first = try instant(start, now: now)
    let last = try instant(end, now: now)
    guard first <= last else { throw CommandFailure(.usage, "--start \(first) is after the end \(last)") }
    let span = last - first
    let chosen = try step.map { text throws(CommandFailure) in try duration(text) }
    return QueryTimes(from: first, through: last, step: chosen ?? max(.seconds(1), span / 240))
  }

  private func instant(_ text: String?, now: Timestamp) throws(CommandFailure) -> Timestamp {
    guard let text else { return now }
    if let instant = Timestamp(rfc3339: text) { return instant }
    if let seconds = Double(text), let instant = Timestamp(secondsSinceEpoch: seconds) { return instant }
    do throws(DurationSyntaxError) {
      // Before now, or, as files of series are written, after the epoch.
      if text.hasPrefix("-") { return now - (try Duration(prometheus: String(text.dropFirst()))) }
      return .epoch + (try Duration(prometheus: text))
    } catch {
      throw CommandFailure(
        .usage, "'\(text)' is no time; write 2026-11-20T08:00:00Z, seconds since 1970, or -5m for five minutes ago")
    }
  }

  private func duration(_ text: String) throws(CommandFailure) -> Duration {
    do throws(DurationSyntaxError) {
      let duration = try Duration(prometheus: text)
      if duration > .zero { return duration }
    } catch {}
    throw CommandFailure(.usage, "'\(text)' is no step; write a duration such as 15s")
  }
}

extension Console {
  /// The width of the terminal in characters; 100 where there is none.
  static var width: Int {
    var size = winsize()
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 20 else { return 100 }
    return Int(size.ws_col)
  }

  /// The height of the terminal in lines; 40 where there is none.
  static var height: Int {
    var size = winsize()
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_row > 5 else { return 40 }
    return Int(size.ws_row)
  }
}
