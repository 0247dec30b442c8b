<?php
/**
 * What the Mailjet plugin was set to.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

/**
 * Reads the options with which Mailjet's own plugin (5 and 6) serves Contact Form 7: one list and one mapping for all forms.
 */
final class Mailjet_Settings {

	/**
	 * The box that its owners copy into their forms.
	 */
	public const BOX = 'mailjet-opt-in';

	public const PLUGIN = 'mailjet-for-wordpress/wp-mailjet.php';

	private const ACTIVE = 'activate_mailjet_cf7_integration'; // Holds 1 or nothing.

	/**
	 * Mailjet's id of the list, such as 10234567.
	 */
	public string $list = '';

	/**
	 * Name of the field with the address; kept there as a mail-tag, such as [your-email].
	 */
	public string $email = '';

	/**
	 * Names of the fields with the person's name; kept there as mail-tags, such as "[first-name] [last-name]".
	 *
	 * @var string[]
	 */
	public array $names = array();

	/**
	 * The settings; null where there are none. They are empty when the integration is off.
	 */
	public static function read(): ?self {
		$settings        = new self();
		$settings->list  = trim( (string) get_option( 'mailjet_cf7_list', '' ) );
		$settings->email = self::fields( 'cf7_email' )[0] ?? '';
		$settings->names = self::fields( 'cf7_fromname' );
		return '' === $settings->list && '' === $settings->email ? null : $settings;
	}

	/**
	 * Whether Mailjet's plugin writes to the people who use forms, too.
	 */
	public static function is_running(): bool {
		require_once ABSPATH . 'wp-admin/includes/plugin.php';
		return '' !== (string) get_option( self::ACTIVE, '' ) && is_plugin_active( self::PLUGIN );
	}

	/**
	 * Switches its part for Contact Form 7 off. Its list and mapping stay.
	 */
	public static function switch_off(): void {
		update_option( self::ACTIVE, '' );
	}

	/**
	 * The fields in mail-tags. Some versions keep them with slashes, and some people write them without brackets.
	 *
	 * @return string[]
	 */
	private static function fields( string $option ): array {
		$text = trim( wp_unslash( (string) get_option( $option, '' ) ) );
		preg_match_all( '/\[\s*([\w-]+)\s*\]/', $text, $found );
		return array() !== $found[1] ? $found[1] : array_filter( array( preg_match( '/^[\w-]+$/', $text ) ? $text : '' ), 'strlen' );
	}
}
