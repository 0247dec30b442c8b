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

	private const MAX_URL = 2000; // The gateway's limit.

	public static function from( WPCF7_ContactForm $form, WPCF7_Submission $submission, Form_Settings $settings ): array {
		$shown    = Shown_Form::posted_in_steps( $form, (array) $submission->get_posted_data() );
		$document = array(
			'submittedAt' => gmdate( 'Y-m-d\TH:i:s\Z', (int) $submission->get_meta( 'timestamp' ) ),
			'form'        => array(
				'id'     => (string) $form->id(),
				'title'  => (string) $form->title(),
				'url'    => self::page( $submission, $shown ),
				'locale' => self::locale( $form, $settings, $shown ),
			),
			'fields'      => Posted_Fields::of( $form, $submission, $settings ),
			'visitor'     => array(
				'ip'        => (string) $submission->get_meta( 'remote_ip' ),
				'userAgent' => (string) $submission->get_meta( 'user_agent' ),
			),
			'subscribe'   => array(),
		);
		foreach ( $settings->complete() as $subscription ) {
			$document['subscribe'][] = self::subscribe( $subscription, $submission, $shown );
		}
		return $document;
	}

	/**
	 * The language of mails and pages: the form's own choice, or that of the page which the visitor read.
	 */
	public static function locale( WPCF7_ContactForm $form, Form_Settings $settings, ?Shown_Form $shown ): string {
		foreach ( array( $settings->language, $shown ? $shown->locale : '', (string) $form->locale() ) as $locale ) {
			if ( '' !== $locale ) {
				return $locale;
			}
		}
		return get_locale();
	}

	/**
	 * The page with the form: what the page itself says, or else what the browser says. Without a Referer, Contact Form 7 knows only the
	 * REST address that the form was sent to.
	 */
	private static function page( WPCF7_Submission $submission, ?Shown_Form $shown ): string {
		if ( $shown && '' !== $shown->page ) {
			return $shown->page;
		}
		$url  = (string) $submission->get_meta( 'url' );
		$post = (int) $submission->get_meta( 'container_post_id' );
		if ( '' !== $url && false === strpos( $url, '/contact-form-7/v1/' ) ) {
			return strlen( $url ) > self::MAX_URL ? (string) strtok( $url, '?' ) : $url;
		}
		return (string) ( $post ? get_permalink( $post ) : home_url( '/' ) );
	}

	private static function subscribe( Subscription $subscription, WPCF7_Submission $submission, ?Shown_Form $shown ): array {
		$member = array(
			'list'       => $subscription->list,
			'email'      => $subscription->email,
			'name'       => $subscription->name,
			'properties' => $subscription->properties,
			'consent'    => Consent::read( $subscription, $submission, $shown ),
		);
		if ( '' === $subscription->name ) {
			unset( $member['name'] );
		}
		return $member;
	}
}
