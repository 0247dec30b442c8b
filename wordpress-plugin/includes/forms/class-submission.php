<?php
/**
 * What the gateway receives.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

use WPCF7_ContactForm;
use WPCF7_Submission;

/**
 * Turns a submission of Contact Form 7 into a submission of the gateway's API.
 */
final class Submission {

	/**
	 * The gateway's limits. Longer texts are cut here, so that nobody loses the subscription.
	 */
	private const MAX_TITLE = 500;
	private const MAX_TEXT  = 2000;

	public static function from( WPCF7_ContactForm $form, WPCF7_Submission $submission, Form_Settings $settings ): array {
		$document = array(
			'submittedAt' => gmdate( 'Y-m-d\TH:i:s\Z', (int) $submission->get_meta( 'timestamp' ) ),
			'form'        => array(
				'id'     => (string) $form->id(),
				'title'  => mb_substr( (string) $form->title(), 0, self::MAX_TITLE ),
				'url'    => self::page( $submission ),
				'locale' => (string) ( $settings->language ?: $form->locale() ?: get_locale() ),
			),
			'fields'      => self::fields( $form, $submission ),
			'visitor'     => array(
				'ip'        => (string) $submission->get_meta( 'remote_ip' ),
				'userAgent' => mb_substr( (string) $submission->get_meta( 'user_agent' ), 0, self::MAX_TEXT ),
			),
			'subscribe'   => array(),
		);
		foreach ( $settings->complete() as $subscription ) {
			$document['subscribe'][] = self::subscribe( $subscription, $form, $submission );
		}
		return $document;
	}

	/**
	 * What the visitor entered. The posted data may hold other values too, so only the form's own fields are kept.
	 * Files stay on the site.
	 */
	private static function fields( WPCF7_ContactForm $form, WPCF7_Submission $submission ): array {
		$posted = (array) $submission->get_posted_data();
		$fields = array();
		foreach ( $form->scan_form_tags( array( 'feature' => array( 'name-attr', '! file-uploading' ) ) ) as $tag ) {
			$value = $posted[ $tag->name ] ?? null;
			if ( is_array( $value ) ) {
				$fields[ $tag->name ] = array_values( array_filter( $value, 'is_string' ) );
			} elseif ( is_scalar( $value ) ) {
				$fields[ $tag->name ] = (string) $value;
			}
		}
		return $fields;
	}

	/**
	 * The page with the form. Without a Referer, Contact Form 7 knows only the REST address that it was sent to.
	 */
	private static function page( WPCF7_Submission $submission ): string {
		$url  = (string) $submission->get_meta( 'url' );
		$post = (int) $submission->get_meta( 'container_post_id' );
		if ( '' !== $url && false === strpos( $url, '/contact-form-7/v1/' ) ) {
			return strlen( $url ) > self::MAX_TEXT ? (string) strtok( $url, '?' ) : $url;
		}
		return (string) ( $post ? get_permalink( $post ) : home_url( '/' ) );
	}

	private static function subscribe( Subscription $subscription, WPCF7_ContactForm $form, WPCF7_Submission $submission ): array {
		$member = array(
			'list'       => $subscription->list,
			'email'      => $subscription->email,
			'name'       => $subscription->name,
			'properties' => $subscription->properties,
			'consent'    => Consent::read( $subscription, $form, $submission ),
		);
		if ( '' === $subscription->name ) {
			unset( $member['name'] );
		}
		return $member;
	}
}
