import Evaluator
import Model
import PromQL

extension AskedSources {
  /// The data sources of a shadow: what rules write is let go, and what may not be asked answers with the reason.
  func sources(for groups: ShadowGroups) -> [EvaluatorSource] {
    sources(groups.sources).map { source in
      var source = source
      if let refusal = groups.refusals[source.id] { source.source = RefusedSource(reason: refusal) }
      source.sink = DiscardingSink()
      source.writesAlerts = false
      return source
    }
  }
}

/// Stands for a data source that may not be asked from here.
private struct RefusedSource: SampleSource {
  let reason: String

  func query(_ expression: String, at instant: Timestamp, timeout: Duration) async throws(QueryError) -> QueryAnswer {
    throw .unreachable(reason)
  }

  func queryValue(
    _ expression: String, _ times: QueryTimes, timeout: Duration
  ) async throws(QueryError) -> ValueAnswer {
    throw .unreachable(reason)
  }
}

/// Takes samples and keeps none: a shadow writes nothing.
private struct DiscardingSink: SampleSink {
  func write(_ samples: [QuerySample], at instant: Timestamp) async throws(SampleWriteError) {}
}
