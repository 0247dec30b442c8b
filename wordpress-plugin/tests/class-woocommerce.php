<?php
/**
 * Says that WooCommerce is active.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

/**
 * Nothing of WooCommerce but its name.
 */
final class WooCommerce {}
