<?php
/**
 * Consent and its wording.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

use WPCF7_ContactForm;
use WPCF7_FormTag;
use WPCF7_Submission;

/**
 * Reads from a form what people agree to by ticking a box, and from a submission whether they did.
 */
final class Consent {

	/**
	 * The boxes of a form that can mean consent. Not those whose tick means "no".
	 *
	 * @return array<string,WPCF7_FormTag> By name.
	 */
	public static function boxes( WPCF7_ContactForm $form ): array {
		$boxes = array();
		foreach ( $form->scan_form_tags( array( 'basetype' => array( Newsletter_Tag::TYPE, 'acceptance' ) ) ) as $tag ) {
			if ( '' !== $tag->name && ! $tag->has_option( 'invert' ) ) {
				$boxes[ $tag->name ] = $tag;
			}
		}
		return $boxes;
	}

	/**
	 * What people agree to by each box.
	 *
	 * @return array<string,string> Wordings by name.
	 */
	public static function texts( WPCF7_ContactForm $form ): array {
		return array_map( static fn( WPCF7_FormTag $tag ) => self::text( $tag, $form ), self::boxes( $form ) );
	}

	/**
	 * The labels of the boxes in menus: the wording, and also the name where two have the same wording.
	 *
	 * @return array<string,string> Labels by name.
	 */
	public static function labels( WPCF7_ContactForm $form ): array {
		$texts = self::texts( $form );
		$often = array_count_values( $texts );
		foreach ( $texts as $name => $text ) {
			$texts[ $name ] = 1 === $often[ $text ] && '' !== $text ? $text : trim( "{$text} [{$name}]" );
		}
		return $texts;
	}

	/**
	 * The wording beside a box, as HTML.
	 */
	public static function html( WPCF7_FormTag $tag, ?WPCF7_ContactForm $form ): string {
		$ours = Newsletter_Tag::TYPE === $tag->basetype;
		// Contact Form 7 shows an acceptance's value up to a "|", ours whole.
		$values = $ours ? $tag->raw_values : $tag->values;
		$words  = trim( (string) $tag->content ) ?: trim( (string) reset( $values ) );
		return '' !== $words && $ours ? trim( $words . ' ' . Policy::link( $tag, $form ) ) : $words;
	}

	/**
	 * The wording beside a box, as people read it.
	 */
	public static function text( WPCF7_FormTag $tag, ?WPCF7_ContactForm $form ): string {
		$text = wp_strip_all_tags( self::html( $tag, $form ), true );
		return trim( (string) preg_replace( '/\s+/u', ' ', html_entity_decode( $text, ENT_QUOTES | ENT_HTML5, 'UTF-8' ) ) );
	}

	/**
	 * The consent member of a submission. A box without words proves nothing.
	 */
	public static function read( Subscription $subscription, WPCF7_ContactForm $form, WPCF7_Submission $submission ): array {
		$tag   = self::boxes( $form )[ $subscription->consent ] ?? null;
		$text  = $tag ? self::text( $tag, $form ) : '';
		$proof = array(
			'given' => '' !== $text && self::is_ticked( $tag, $submission ),
			'text'  => $text,
		);
		if ( '' !== $subscription->policy_url ) {
			$proof['policyUrl'] = $subscription->policy_url;
		}
		if ( '' !== $subscription->policy_version ) {
			$proof['policyVersion'] = $subscription->policy_version;
		}
		return $proof;
	}

	private static function is_ticked( WPCF7_FormTag $tag, WPCF7_Submission $submission ): bool {
		return Newsletter_Tag::TYPE === $tag->basetype
			? Newsletter_Tag::TICKED === $submission->get_posted_data( $tag->name )
			: isset( $submission->collect_consent()[ $tag->name ] );
	}
}
