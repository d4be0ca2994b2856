/// A run that could not go on, and from where it can.
struct ResumableStop: Error, CustomStringConvertible {
  let cause: any Error
  let checkpoint: String

  var description: String {
    "\(cause) The run can go on: charlm train --resume '\(checkpoint)'."
  }
}
