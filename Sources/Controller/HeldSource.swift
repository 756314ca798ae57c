@preconcurrency import Dispatch

/// A dispatch source that may be cancelled from anywhere.
///
/// `@unchecked Sendable`: `cancel()` of a dispatch source is safe to call from any thread (dispatch_source_cancel(3)),
/// and it is all that this offers.
final class HeldSource: @unchecked Sendable {
  private let source: any DispatchSourceProtocol

  init(_ source: any DispatchSourceProtocol) {
    self.source = source
  }

  func cancel() {
    source.cancel()
  }
}
