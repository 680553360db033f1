/** The files in which data sets are published: their addresses, sizes and checksums. */

import { join } from "node:path";
import type { Pin } from "../cache/checksum.ts";
import { cachedData } from "./folders.ts";

export interface Archive {
  url: string;
  pin: Pin;
  /** Below the data sets' part of the cache; also of a mirror. */
  path: string;
}

const SVHN = "http://ufldl.stanford.edu/housenumbers";
const LIBSVM = "https://www.csie.ntu.edu.tw/~cjlin/libsvmtools/datasets/multiclass";

export const ARCHIVES = {
  // Sizes and sha256 as TensorFlow Datasets states them (url_checksums/svhn_cropped.txt).
  svhnTrain: {
    url: `${SVHN}/train_32x32.mat`,
    pin: { sha256: "435e94d69a87fde4fd4d7f3dd208dfc32cb6ae8af2240d066de1df7508d083b8", size: 182_040_794 },
    path: "svhn/train_32x32.mat",
  },
  svhnTest: {
    url: `${SVHN}/test_32x32.mat`,
    pin: { sha256: "cdce80dfb2a2c4c6160906d0bd7c68ec5a99d7ca4831afa54f09182025b6a75b", size: 64_275_384 },
    path: "svhn/test_32x32.mat",
  },
  // MD5 as torchvision states them (datasets/usps.py).
  uspsTrain: {
    url: `${LIBSVM}/usps.bz2`,
    pin: { md5: "ec16c51db3855ca6c91edd34d0e9b197" },
    path: "usps/usps.bz2",
  },
  uspsTest: {
    url: `${LIBSVM}/usps.t.bz2`,
    pin: { md5: "8ea070ee2aca1ac39742fdd1ef5ed118" },
    path: "usps/usps.t.bz2",
  },
  // The authors' file; they state no checksum. Address and MD5 as pytorch-adapt states them (datasets/mnistm.py).
  mnistM: {
    url: "https://cornell.box.com/shared/static/jado7quprg6hzzdubvwzh9umr75damwi",
    pin: { md5: "859df31c91afe82e80e5012ba928f279" },
    path: "mnist-m/mnist_m.tar.gz",
  },
} satisfies Record<string, Archive>;

export const archivePath = ({ path }: Archive): string => join(cachedData().path, path);
