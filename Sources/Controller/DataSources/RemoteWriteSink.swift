import Evaluator
import Model
import Notifier
import PromQL
import RemoteWrite

/// A server with remote write as the place where samples of rules go.
struct RemoteWriteSink: SampleSink {
  let writer: RemoteWriter

  func write(_ samples: [QuerySample], at instant: Timestamp) async throws(SampleWriteError) {
    do throws(RemoteWriteError) {
      try await writer.write(samples, at: instant)
    } catch {
      switch error {
      case .late(let words): throw .late(words)
      case .lost(let words): throw .lost(words)
      }
    }
  }
}

extension ResolvingEndpoint {
  /// The endpoint as remote write reaches it at the moment.
  func remoteWriteTarget() throws(TransportError) -> RemoteWriteTarget {
    do throws(SecretError) {
      let resolved = try resolved()
      return RemoteWriteTarget(url: resolved.url, headers: resolved.headers, options: resolved.options)
    } catch {
      throw .unsendable(error.description)
    }
  }
}
