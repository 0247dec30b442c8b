<?php
/**
 * The privacy policy beside a box.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

use WPCF7_ContactForm;
use WPCF7_FormTag;

/**
 * Finds the policy that a box links to: the address in the form's tab, or else WordPress' own privacy page.
 */
final class Policy {

	/**
	 * The option of the form-tag that asks for the link.
	 */
	public const OPTION = 'policy';

	/**
	 * The address; empty when the box has no link, or when the policy is not known.
	 */
	public static function url( WPCF7_FormTag $tag, ?WPCF7_ContactForm $form ): string {
		if ( ! $tag->has_option( self::OPTION ) ) {
			return '';
		}
		foreach ( $form ? Form_Settings::of( $form )->subscriptions : array() as $subscription ) {
			if ( $subscription->consent === $tag->name && '' !== $subscription->policy_url ) {
				return $subscription->policy_url;
			}
		}
		return get_privacy_policy_url();
	}

	/**
	 * The link. It opens in a new tab, so that a half filled form is not lost.
	 */
	public static function link( WPCF7_FormTag $tag, ?WPCF7_ContactForm $form ): string {
		$url  = self::url( $tag, $form );
		$page = (int) get_option( 'wp_page_for_privacy_policy' );
		$name = $page && get_privacy_policy_url() === $url ? get_the_title( $page ) : __( 'Privacy policy', 'gateway-connector' );
		return '' === $url ? '' : sprintf( '<a href="%s" target="_blank" rel="noopener">%s</a>', esc_url( $url ), esc_html( $name ) );
	}
}
