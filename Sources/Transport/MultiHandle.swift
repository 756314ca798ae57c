import CCurl

/// Owns libcurl's multi handle and the epoll around it.
///
/// `@unchecked Sendable`, since the compiler knows nothing of what a C pointer may be used for: ``wake()`` is one write
/// to an eventfd and may be called by anybody; everything else is called by the one thread that runs ``TransferLoop``.
/// The pointer lives as long as this object, so a late `wake` finds it.
final class MultiHandle: @unchecked Sendable {
  let loop: OpaquePointer

  /// `nil` when the system has no memory or no descriptors left.
  init?(limits: CurlTransport.Limits) {
    guard Self.isLibraryReady,
      let loop = ccurl_loop_new(limits.connections, limits.connectionsPerHost, limits.idleConnections)
    else { return nil }
    self.loop = loop
  }

  deinit {
    ccurl_loop_free(loop)
  }

  private static let isLibraryReady = curl_global_init(Int(CURL_GLOBAL_ALL)) == CURLE_OK

  /// Ends the wait in ``serveSockets(mayWait:)`` that is under way, or else the next one.
  func wake() {
    ccurl_loop_wake(loop)
  }

  func add(_ handle: EasyHandle) -> Bool {
    ccurl_loop_add(loop, handle.easy)
  }

  func remove(_ handle: EasyHandle) {
    ccurl_loop_remove(loop, handle.easy)
  }

  func runTimers() {
    ccurl_loop_run_timers(loop)
  }

  func serveSockets(mayWait: Bool) {
    ccurl_loop_serve_sockets(loop, mayWait)
  }

  /// Closes every connection, for good. Nothing but ``wake()`` may be called afterwards.
  func close() {
    ccurl_loop_close(loop)
  }

  func nextFinished() -> (handle: EasyHandle, code: CURLcode)? {
    var code = CURLE_OK
    while let easy = ccurl_loop_next_finished(loop, &code) {
      if let handle = EasyHandle.of(easy) { return (handle, code) }
    }
    return nil
  }
}
