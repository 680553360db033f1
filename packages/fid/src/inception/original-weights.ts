/** The published files of the FID Inception network's weights: one network, and one in every fingerprint. */

/** pytorch-fid's and torch-fidelity's .pth, by pytorch-fid's name. */
export const STATE_DICT_NAME = "pt_inception-2015-12-05-6726825d.pth";
export const STATE_DICT_URL = `https://github.com/mseitzer/pytorch-fid/releases/download/fid_weights/${STATE_DICT_NAME}`;
export const STATE_DICT_SHA256 = "6726825d0af5f729cebd5821db510b11b1cfad8faad88a03f1befd49fb9129b2";
/** TensorFlow's classify_image_graph_def.pb, of inception-2015-12-05.tgz. */
export const GRAPH_SHA256 = "009d6814d1bc560d4e7b236e170e9b2d5ca6f4b57bd8037f6db05776204415c6";

/**
 * What a fingerprint calls weights: the sha256 of their file. The state dict was made of the graph by torch-fidelity's
 * convert_inception_weights.py, which renames and transposes and computes nothing, and both convert to the same tensors bit for bit: they
 * go by the state dict's sha256, by whichever file they came.
 */
export function weightsIdentity(sha256: string): string {
  return sha256 === GRAPH_SHA256 ? STATE_DICT_SHA256 : sha256;
}
