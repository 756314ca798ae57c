import CCurl
import Model

extension EasyHandle {
  func set(_ option: CURLoption, _ value: Int) {
    _ = ccurl_set_long(easy, option, value)
  }

  func set(_ option: CURLoption, _ value: String?) {
    _ = ccurl_set_string(easy, option, value)
  }

  /// Sets everything that doesn't change from one request to the next. Forgets all that was set before.
  func setUp(for options: ConnectionOptions) {
    if connectionOptions != nil { curl_easy_reset(easy) }
    shape = RequestShape()
    connectionOptions = options
    _ = ccurl_set_pointer(easy, CURLOPT_PRIVATE, callbacks.pointee.context)
    _ = ccurl_set_pointer(easy, CURLOPT_ERRORBUFFER, errorText)
    ccurl_set_callbacks(easy, callbacks)
    set(CURLOPT_NOSIGNAL, 1)
    // Without it a name that is slow to resolve holds up the thread when its transfer is given up.
    set(CURLOPT_QUICK_EXIT, 1)
    set(CURLOPT_TCP_KEEPALIVE, 1)
    // Fewer calls for large answers than with the 16 KiB that are the default. libcurl takes and frees this for each
    // transfer, and from 64 KiB on each free has the allocator tidy up.
    set(CURLOPT_BUFFERSIZE, 32 << 10)
    set(CURLOPT_CONNECTTIMEOUT_MS, options.connectTimeout.wholeMilliseconds)
    set(CURLOPT_TIMEOUT_MS, options.timeout.wholeMilliseconds)
    // Empty and not unset: unset, libcurl asks the environment.
    set(CURLOPT_PROXY, options.proxy ?? "")
    set(CURLOPT_NOPROXY, "")
    setUpTLS(options)
    if options.egress != .open {
      ccurl_set_connection_check(easy) { context, address, _, _, _ in
        EasyHandle.of(context: context)?.mayUse(connectionTo: address) == false ? 1 : 0
      }
    }
  }

  private func setUpTLS(_ options: ConnectionOptions) {
    set(CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2)
    if let file = options.caFile {
      set(CURLOPT_CAINFO, file)
      set(CURLOPT_CAPATH, nil)
    }
    if let file = options.clientCertificateFile { set(CURLOPT_SSLCERT, file) }
    if let file = options.clientKeyFile { set(CURLOPT_SSLKEY, file) }
    if options.insecureSkipVerify {
      set(CURLOPT_SSL_VERIFYPEER, 0)
      set(CURLOPT_SSL_VERIFYHOST, 0)
    }
  }

  func makeList(_ texts: [String]) -> UnsafeMutablePointer<curl_slist>? {
    var list: UnsafeMutablePointer<curl_slist>?
    for text in texts { list = curl_slist_append(list, text) ?? list }
    if let list { lists.append(list) }
    return list
  }
}

extension Duration {
  /// For libcurl, to which 0 means for ever.
  var wholeMilliseconds: Int {
    let (seconds, attoseconds) = components
    if seconds > 86_400 * 20 { return 86_400_000 * 20 }
    return max(1, Int(seconds) * 1000 + Int(attoseconds / 1_000_000_000_000_000))
  }
}
