"""How many faces dlib's HOG detector finds in each image, called as the homework's face_recognition calls it.

    python3 packages/faces/scripts/hog_counts.py < images

Standard input holds for each image its height and width (uint32, little endian) and its pixels (uint8, RGB). Prints the counts as JSON.
`face_recognition.face_locations(image, model="hog")` is `dlib.get_frontal_face_detector()(image, 1)`: enlarged twice, once.
Needs dlib (pip install dlib; it compiles for some minutes) and numpy.
"""

import json
import struct
import sys

import dlib
import numpy as np

detector = dlib.get_frontal_face_detector()
data = sys.stdin.buffer.read()
counts = []
at = 0
while at < len(data):
    height, width = struct.unpack_from("<II", data, at)
    pixels = np.frombuffer(data, np.uint8, height * width * 3, at + 8).reshape(height, width, 3)
    counts.append(len(detector(pixels, 1)))
    at += 8 + pixels.size
print(json.dumps(counts))
