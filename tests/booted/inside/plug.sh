#!/bin/sh
# plug.sh NUMBER VENDOR PRODUCT MAKER MODEL SERIAL: a USB keyboard on one of the two buses that the kernel plays.
set -e
modprobe dummy_hcd num=2
modprobe libcomposite
mountpoint -q /sys/kernel/config || mount -t configfs none /sys/kernel/config
gadget=/sys/kernel/config/usb_gadget/keyboard$1
if [ ! -d "$gadget" ]; then
  mkdir "$gadget"
  cd "$gadget"
  echo "$2" >idVendor
  echo "$3" >idProduct
  echo 0x0200 >bcdUSB
  mkdir -p strings/0x409 functions/hid."$1" configs/c.1
  echo "$4" >strings/0x409/manufacturer
  echo "$5" >strings/0x409/product
  echo "$6" >strings/0x409/serialnumber
  echo 1 >functions/hid."$1"/protocol
  echo 1 >functions/hid."$1"/subclass
  echo 8 >functions/hid."$1"/report_length
  # The boot keyboard's descriptor, as in the USB HID specification.
  printf '\005\001\011\006\241\001\005\007\031\340\051\347\025\000\045\001\165\001\225\010\201\002\225\001\165\010\201\003\225\005\165\001\005\010\031\001\051\005\221\002\225\001\165\003\221\003\225\006\165\010\025\000\045\145\005\007\031\000\051\145\201\000\300' >functions/hid."$1"/report_desc
  ln -s functions/hid."$1" configs/c.1/
fi
echo "dummy_udc.$1" >"$gadget"/UDC
