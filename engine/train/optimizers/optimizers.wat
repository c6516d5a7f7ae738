;; Updates of weights from gradients, four float32 at a time. Ranges are given by their first bytes and one length in bytes, a
;; multiple of 16. The formulas are in the reference (testing/reference.ts), which rounds as these instructions do.
(module
  (import "training" "memory" (memory 1 65536))

  ;; SGD: g = gradient * scale + decay * w; m = momentum * m + g; w -= rate * m, or rate * (g + momentum * m) with Nesterov.
  (func (export "sgd")
    (param $w i32) (param $gradient i32) (param $m i32) (param $length i32)
    (param $scale f32) (param $decay f32) (param $rate f32) (param $momentum f32) (param $nesterov i32)
    (local $at i32) (local $g v128) (local $velocity v128)
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $at) (local.get $length)))
        (local.set $g
          (f32x4.add
            (f32x4.mul
              (v128.load (i32.add (local.get $gradient) (local.get $at)))
              (f32x4.splat (local.get $scale)))
            (f32x4.mul
              (v128.load (i32.add (local.get $w) (local.get $at)))
              (f32x4.splat (local.get $decay)))))
        (local.set $velocity
          (f32x4.add
            (f32x4.mul
              (v128.load (i32.add (local.get $m) (local.get $at)))
              (f32x4.splat (local.get $momentum)))
            (local.get $g)))
        (v128.store (i32.add (local.get $m) (local.get $at)) (local.get $velocity))
        (if (local.get $nesterov)
          (then
            (local.set $velocity
              (f32x4.add
                (local.get $g)
                (f32x4.mul (local.get $velocity) (f32x4.splat (local.get $momentum)))))))
        (v128.store (i32.add (local.get $w) (local.get $at))
          (f32x4.sub
            (v128.load (i32.add (local.get $w) (local.get $at)))
            (f32x4.mul (local.get $velocity) (f32x4.splat (local.get $rate)))))
        (local.set $at (i32.add (local.get $at) (i32.const 16)))
        (br $next))))

  ;; Adam and AdamW: g = gradient * scale + coupled * w; m and v are the moving means of g and g * g, each towards the new value
  ;; by its share; w = w * keep - rate * m / (sqrt(v) * root + epsilon). `rate` and `root` hold the bias correction.
  (func (export "adam")
    (param $w i32) (param $gradient i32) (param $m i32) (param $v i32) (param $length i32)
    (param $scale f32) (param $coupled f32) (param $keep f32) (param $rate f32)
    (param $share1 f32) (param $share2 f32) (param $root f32) (param $epsilon f32)
    (local $at i32) (local $g v128) (local $mean v128) (local $power v128)
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $at) (local.get $length)))
        (local.set $g
          (f32x4.add
            (f32x4.mul
              (v128.load (i32.add (local.get $gradient) (local.get $at)))
              (f32x4.splat (local.get $scale)))
            (f32x4.mul
              (v128.load (i32.add (local.get $w) (local.get $at)))
              (f32x4.splat (local.get $coupled)))))
        (local.set $mean (v128.load (i32.add (local.get $m) (local.get $at))))
        (local.set $mean
          (f32x4.add
            (local.get $mean)
            (f32x4.mul
              (f32x4.sub (local.get $g) (local.get $mean))
              (f32x4.splat (local.get $share1)))))
        (v128.store (i32.add (local.get $m) (local.get $at)) (local.get $mean))
        (local.set $power (v128.load (i32.add (local.get $v) (local.get $at))))
        (local.set $power
          (f32x4.add
            (local.get $power)
            (f32x4.mul
              (f32x4.sub (f32x4.mul (local.get $g) (local.get $g)) (local.get $power))
              (f32x4.splat (local.get $share2)))))
        (v128.store (i32.add (local.get $v) (local.get $at)) (local.get $power))
        (v128.store (i32.add (local.get $w) (local.get $at))
          (f32x4.sub
            (f32x4.mul
              (v128.load (i32.add (local.get $w) (local.get $at)))
              (f32x4.splat (local.get $keep)))
            (f32x4.div
              (f32x4.mul (local.get $mean) (f32x4.splat (local.get $rate)))
              (f32x4.add
                (f32x4.mul
                  (f32x4.sqrt (local.get $power))
                  (f32x4.splat (local.get $root)))
                (f32x4.splat (local.get $epsilon))))))
        (local.set $at (i32.add (local.get $at) (i32.const 16)))
        (br $next))))

  ;; The sum of the squares, in float64: the first and second of each pair of values apart, then together.
  (func (export "sumSquares") (param $from i32) (param $length i32) (result f64)
    (local $at i32) (local $values v128) (local $half v128) (local $sums v128)
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $at) (local.get $length)))
        (local.set $values (v128.load (i32.add (local.get $from) (local.get $at))))
        (local.set $half (f64x2.promote_low_f32x4 (local.get $values)))
        (local.set $sums
          (f64x2.add (local.get $sums) (f64x2.mul (local.get $half) (local.get $half))))
        (local.set $half
          (f64x2.promote_low_f32x4
            (i8x16.shuffle 8 9 10 11 12 13 14 15 8 9 10 11 12 13 14 15
              (local.get $values) (local.get $values))))
        (local.set $sums
          (f64x2.add (local.get $sums) (f64x2.mul (local.get $half) (local.get $half))))
        (local.set $at (i32.add (local.get $at) (i32.const 16)))
        (br $next)))
    (f64.add
      (f64x2.extract_lane 0 (local.get $sums))
      (f64x2.extract_lane 1 (local.get $sums))))

  ;; to += from.
  (func (export "accumulate") (param $to i32) (param $from i32) (param $length i32)
    (local $at i32)
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $at) (local.get $length)))
        (v128.store (i32.add (local.get $to) (local.get $at))
          (f32x4.add
            (v128.load (i32.add (local.get $to) (local.get $at)))
            (v128.load (i32.add (local.get $from) (local.get $at)))))
        (local.set $at (i32.add (local.get $at) (i32.const 16)))
        (br $next))))

  ;; to *= from: a mask of ones and zeros.
  (func (export "multiply") (param $to i32) (param $from i32) (param $length i32)
    (local $at i32)
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $at) (local.get $length)))
        (v128.store (i32.add (local.get $to) (local.get $at))
          (f32x4.mul
            (v128.load (i32.add (local.get $to) (local.get $at)))
            (v128.load (i32.add (local.get $from) (local.get $at)))))
        (local.set $at (i32.add (local.get $at) (i32.const 16)))
        (br $next)))))
