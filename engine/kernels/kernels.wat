;; Loops over float32 values, four at a time. Every range is [$from, $end) in bytes of the memory, both multiples of 64
;; apart; see arena.ts, which keeps to it. "Magnitude" is the bits of a float32 without its sign: an integer that grows
;; with the absolute value, NaN above all.
(module
  (import "arena" "memory" (memory 1))

  ;; How many magnitudes lie strictly between two.
  (func (export "countBetween") (param $from i32) (param $end i32) (param $above i32) (param $below i32) (result i32)
    (local $magnitude v128) (local $counts v128)
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $from) (local.get $end)))
        (local.set $magnitude
          (v128.and (v128.load (local.get $from)) (i32x4.splat (i32.const 0x7fffffff))))
        ;; A comparison that holds is -1.
        (local.set $counts
          (i32x4.sub
            (local.get $counts)
            (v128.and
              (i32x4.gt_s (local.get $magnitude) (i32x4.splat (local.get $above)))
              (i32x4.lt_s (local.get $magnitude) (i32x4.splat (local.get $below))))))
        (local.set $from (i32.add (local.get $from) (i32.const 16)))
        (br $next)))
    (call $sum (local.get $counts)))

  ;; float32 to float16: the rule is in passes/cast-float16/convert.ts.
  (func (export "toHalves") (param $from i32) (param $end i32) (param $to i32)
    (local $words v128) (local $magnitude v128) (local $finite v128) (local $half v128)
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $from) (local.get $end)))
        (local.set $words (v128.load (local.get $from)))
        (local.set $magnitude (v128.and (local.get $words) (i32x4.splat (i32.const 0x7fffffff))))
        (local.set $finite (i32x4.min_s (local.get $magnitude) (i32x4.splat (i32.const 0x477fe000))))
        ;; Normal numbers: the exponent is rebased by a subtraction; what rounds up carries into it.
        (local.set $half
          (i32x4.shr_u
            (i32x4.add
              (i32x4.sub (local.get $finite) (i32x4.splat (i32.const 0x37fff001)))
              (v128.and (i32x4.shr_u (local.get $finite) (i32.const 13)) (i32x4.splat (i32.const 1))))
            (i32.const 13)))
        ;; Subnormal ones: in the binade of 0.5 a float32 has the step 2^-24 of a subnormal float16, and adding rounds.
        (local.set $half
          (v128.bitselect
            (i32x4.sub
              (f32x4.add (local.get $finite) (f32x4.splat (f32.const 0.5)))
              (i32x4.splat (i32.const 0x3f000000)))
            (local.get $half)
            (i32x4.lt_s (local.get $finite) (i32x4.splat (i32.const 0x38800000)))))
        ;; Nothing but zero becomes zero.
        (local.set $half
          (i32x4.max_s
            (local.get $half)
            (i32x4.min_s (local.get $magnitude) (i32x4.splat (i32.const 1)))))
        ;; Infinity is 0x7c00, and NaN 0x7e00.
        (local.set $half
          (v128.bitselect
            (v128.or
              (i32x4.splat (i32.const 0x7c00))
              (v128.and
                (i32x4.gt_s (local.get $magnitude) (i32x4.splat (i32.const 0x7f800000)))
                (i32x4.splat (i32.const 0x200))))
            (local.get $half)
            (i32x4.ge_s (local.get $magnitude) (i32x4.splat (i32.const 0x7f800000)))))
        (local.set $half
          (v128.or
            (local.get $half)
            (v128.and (i32x4.shr_u (local.get $words) (i32.const 16)) (i32x4.splat (i32.const 0x8000)))))
        (v128.store64_lane 0
          (local.get $to)
          (i16x8.narrow_i32x4_u (local.get $half) (local.get $half)))
        (local.set $from (i32.add (local.get $from) (i32.const 16)))
        (local.set $to (i32.add (local.get $to) (i32.const 8)))
        (br $next))))

  ;; float32 to bfloat16: the rule is in passes/cast-bfloat16/convert.ts.
  (func (export "toBrains") (param $from i32) (param $end i32) (param $to i32)
    (local $words v128) (local $upper v128) (local $brain v128)
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $from) (local.get $end)))
        (local.set $words (v128.load (local.get $from)))
        (local.set $upper (i32x4.shr_u (local.get $words) (i32.const 16)))
        ;; Just under a half is added, and one more where what stays is odd: it carries where rounding goes up.
        (local.set $brain
          (i32x4.shr_u
            (i32x4.add
              (i32x4.add (local.get $words) (i32x4.splat (i32.const 0x7fff)))
              (v128.and (local.get $upper) (i32x4.splat (i32.const 1))))
            (i32.const 16)))
        ;; NaN is 0x7fc0.
        (local.set $brain
          (v128.bitselect
            (v128.or
              (v128.and (local.get $upper) (i32x4.splat (i32.const 0x8000)))
              (i32x4.splat (i32.const 0x7fc0)))
            (local.get $brain)
            (i32x4.gt_s
              (v128.and (local.get $words) (i32x4.splat (i32.const 0x7fffffff)))
              (i32x4.splat (i32.const 0x7f800000)))))
        (v128.store64_lane 0
          (local.get $to)
          (i16x8.narrow_i32x4_u (local.get $brain) (local.get $brain)))
        (local.set $from (i32.add (local.get $from) (i32.const 16)))
        (local.set $to (i32.add (local.get $to) (i32.const 8)))
        (br $next))))

  ;; Smallest and largest of the values and zero, NaN apart, and whether there is a NaN.
  (func (export "extent") (param $from i32) (param $end i32) (result f32 f32 i32)
    (local $values v128) (local $min v128) (local $max v128) (local $strange v128)
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $from) (local.get $end)))
        (local.set $values (v128.load (local.get $from)))
        ;; pmin(a, b) is a, unless b < a: a NaN in b changes nothing.
        (local.set $min (f32x4.pmin (local.get $min) (local.get $values)))
        (local.set $max (f32x4.pmax (local.get $max) (local.get $values)))
        (local.set $strange
          (v128.or (local.get $strange) (f32x4.ne (local.get $values) (local.get $values))))
        (local.set $from (i32.add (local.get $from) (i32.const 16)))
        (br $next)))
    (f32.min
      (f32.min (f32x4.extract_lane 0 (local.get $min)) (f32x4.extract_lane 1 (local.get $min)))
      (f32.min (f32x4.extract_lane 2 (local.get $min)) (f32x4.extract_lane 3 (local.get $min))))
    (f32.max
      (f32.max (f32x4.extract_lane 0 (local.get $max)) (f32x4.extract_lane 1 (local.get $max)))
      (f32.max (f32x4.extract_lane 2 (local.get $max)) (f32x4.extract_lane 3 (local.get $max))))
    (v128.any_true (local.get $strange)))

  ;; q = clip(rint(x / scale) + zero point) as int8 or, where $low is 0, as uint8. NaN becomes 0.
  (func (export "quantize8")
    (param $from i32) (param $end i32) (param $to i32)
    (param $scale f32) (param $zero f32) (param $low f32) (param $high f32)
    (local $scales v128) (local $zeros v128) (local $lows v128) (local $highs v128)
    (local $words v128) (local $signed i32)
    (local.set $scales (f32x4.splat (local.get $scale)))
    (local.set $zeros (f32x4.splat (local.get $zero)))
    (local.set $lows (f32x4.splat (local.get $low)))
    (local.set $highs (f32x4.splat (local.get $high)))
    (local.set $signed (f32.lt (local.get $low) (f32.const 0)))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $from) (local.get $end)))
        (local.set $words
          (i32x4.trunc_sat_f32x4_s
            (f32x4.max
              (f32x4.min
                (f32x4.add
                  (f32x4.nearest (f32x4.div (v128.load (local.get $from)) (local.get $scales)))
                  (local.get $zeros))
                (local.get $highs))
              (local.get $lows))))
        (local.set $words (i16x8.narrow_i32x4_s (local.get $words) (local.get $words)))
        (v128.store32_lane 0
          (local.get $to)
          (if (result v128) (local.get $signed)
            (then (i8x16.narrow_i16x8_s (local.get $words) (local.get $words)))
            (else (i8x16.narrow_i16x8_u (local.get $words) (local.get $words)))))
        (local.set $from (i32.add (local.get $from) (i32.const 16)))
        (local.set $to (i32.add (local.get $to) (i32.const 4)))
        (br $next))))

  ;; Copies with zeros in place of magnitudes below a threshold. Gives how many there were, and how many zeros before.
  (func (export "zeroBelow") (param $from i32) (param $end i32) (param $to i32) (param $threshold i32) (result i32 i32)
    (local $words v128) (local $magnitude v128) (local $gone v128) (local $below v128) (local $zeros v128)
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $from) (local.get $end)))
        (local.set $words (v128.load (local.get $from)))
        (local.set $magnitude (v128.and (local.get $words) (i32x4.splat (i32.const 0x7fffffff))))
        (local.set $gone (i32x4.lt_s (local.get $magnitude) (i32x4.splat (local.get $threshold))))
        (local.set $below (i32x4.sub (local.get $below) (local.get $gone)))
        (local.set $zeros
          (i32x4.sub (local.get $zeros) (i32x4.eq (local.get $magnitude) (i32x4.splat (i32.const 0)))))
        (v128.store (local.get $to) (v128.andnot (local.get $words) (local.get $gone)))
        (local.set $from (i32.add (local.get $from) (i32.const 16)))
        (local.set $to (i32.add (local.get $to) (i32.const 16)))
        (br $next)))
    (call $sum (local.get $below))
    (call $sum (local.get $zeros)))

  ;; Adds one, for each value, to the 32-bit count that the upper 15 bits of its magnitude number.
  (func (export "countUpper") (param $from i32) (param $end i32) (param $counts i32)
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $from) (local.get $end)))
        (call $count (local.get $counts) (i32.and (i32.load16_u offset=2 (local.get $from)) (i32.const 0x7fff)))
        (call $count (local.get $counts) (i32.and (i32.load16_u offset=6 (local.get $from)) (i32.const 0x7fff)))
        (local.set $from (i32.add (local.get $from) (i32.const 8)))
        (br $next))))

  ;; The same by the lower 16 bits, for the values whose upper 15 bits are $upper.
  (func (export "countLower") (param $from i32) (param $end i32) (param $counts i32) (param $upper i32)
    (local $same v128)
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $from) (local.get $end)))
        (local.set $same
          (i32x4.eq
            (v128.and
              (i32x4.shr_u (v128.load (local.get $from)) (i32.const 16))
              (i32x4.splat (i32.const 0x7fff)))
            (i32x4.splat (local.get $upper))))
        (if (v128.any_true (local.get $same))
          (then
            (if (i32x4.extract_lane 0 (local.get $same))
              (then (call $count (local.get $counts) (i32.load16_u (local.get $from)))))
            (if (i32x4.extract_lane 1 (local.get $same))
              (then (call $count (local.get $counts) (i32.load16_u offset=4 (local.get $from)))))
            (if (i32x4.extract_lane 2 (local.get $same))
              (then (call $count (local.get $counts) (i32.load16_u offset=8 (local.get $from)))))
            (if (i32x4.extract_lane 3 (local.get $same))
              (then (call $count (local.get $counts) (i32.load16_u offset=12 (local.get $from)))))))
        (local.set $from (i32.add (local.get $from) (i32.const 16)))
        (br $next))))

  ;; Copies the magnitudes from $low on that are below $high, in order. Gives how many are below $low, how many are zero
  ;; and where the copies end.
  (func (export "gather")
    (param $from i32) (param $end i32) (param $to i32) (param $low i32) (param $high i32)
    (result i32 i32 i32)
    (local $magnitude v128) (local $under v128) (local $inside v128) (local $below v128) (local $zeros v128)
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $from) (local.get $end)))
        (local.set $magnitude
          (v128.and (v128.load (local.get $from)) (i32x4.splat (i32.const 0x7fffffff))))
        (local.set $under (i32x4.lt_s (local.get $magnitude) (i32x4.splat (local.get $low))))
        (local.set $below (i32x4.sub (local.get $below) (local.get $under)))
        (local.set $zeros
          (i32x4.sub (local.get $zeros) (i32x4.eq (local.get $magnitude) (i32x4.splat (i32.const 0)))))
        (local.set $inside
          (v128.andnot (i32x4.lt_s (local.get $magnitude) (i32x4.splat (local.get $high))) (local.get $under)))
        (if (v128.any_true (local.get $inside))
          (then
            ;; Each of the four is written; the next one takes its place unless it is inside.
            (v128.store32_lane 0 (local.get $to) (local.get $magnitude))
            (local.set $to (call $step (local.get $to) (i32x4.extract_lane 0 (local.get $inside))))
            (v128.store32_lane 1 (local.get $to) (local.get $magnitude))
            (local.set $to (call $step (local.get $to) (i32x4.extract_lane 1 (local.get $inside))))
            (v128.store32_lane 2 (local.get $to) (local.get $magnitude))
            (local.set $to (call $step (local.get $to) (i32x4.extract_lane 2 (local.get $inside))))
            (v128.store32_lane 3 (local.get $to) (local.get $magnitude))
            (local.set $to (call $step (local.get $to) (i32x4.extract_lane 3 (local.get $inside))))))
        (local.set $from (i32.add (local.get $from) (i32.const 16)))
        (br $next)))
    (call $sum (local.get $below))
    (call $sum (local.get $zeros))
    (local.get $to))

  ;; The next address where $inside is -1, the same where it is 0.
  (func $step (param $to i32) (param $inside i32) (result i32)
    (i32.sub (local.get $to) (i32.shl (local.get $inside) (i32.const 2))))

  (func $count (param $counts i32) (param $bucket i32)
    (local $at i32)
    (local.set $at (i32.add (local.get $counts) (i32.shl (local.get $bucket) (i32.const 2))))
    (i32.store (local.get $at) (i32.add (i32.load (local.get $at)) (i32.const 1))))

  (func $sum (param $lanes v128) (result i32)
    (i32.add
      (i32.add (i32x4.extract_lane 0 (local.get $lanes)) (i32x4.extract_lane 1 (local.get $lanes)))
      (i32.add (i32x4.extract_lane 2 (local.get $lanes)) (i32x4.extract_lane 3 (local.get $lanes))))))
